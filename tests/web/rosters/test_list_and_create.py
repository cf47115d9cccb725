"""The rosters of a month, and beginning one."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.months import Month
from portal.services import rosters
from tests.factories.rosters import draft, plan, publish

MONDAY = date(2026, 6, 15)


def test_a_planner_begins_a_draft(client, cast, as_):
    client.sign_in(cast.pia)
    assert "No roster yet" in client.page("rosters")
    care = str(cast.teams["care"])
    answer = client.send("rosters", {"team_id": care, "month": "2026-06"})
    assert answer.status_code == 303 and "/rosters/" in answer.location
    assert "Nobody but planners sees it" in client.page(answer.location)
    assert "Draft" in client.page("rosters")
    assert client.send("rosters", {"team_id": care, "month": "2026-06"}).location == answer.location


def test_the_list_says_where_each_roster_stands(client, cast, as_):
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, MONDAY, "E"))
        publish(uow, roster_id)
        plan(uow, roster_id, cast.eve.employee_id, date(2026, 6, 17), "E")
    planner = client.sign_in(cast.pia).page("rosters")
    assert "1 unpublished change" in planner and "version 1" in planner
    reader = client.sign_in(cast.eve).page("rosters")
    assert "unpublished" not in reader and "Published" in reader and "Kitchen" not in reader


def test_an_address_with_a_team_leads_to_its_roster(client, cast, as_):
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"])
    client.sign_in(cast.pia)
    answer = client.get(client.url("rosters", team=str(cast.teams["care"]), month="2026-06"))
    assert answer.location == f"/c/acme/rosters/{roster_id}/"
    assert client.get(client.url("rosters", team=str(cast.teams["care"]), month="2026-07")).status_code == 200


@pytest.mark.parametrize("who", ["eve", "mats", "otto", "zoe"])
def test_others_begin_no_draft_of_care(client, cast, as_, who):
    """T88, T99."""
    client.sign_in(cast.people[who])
    answer = client.send("rosters", {"team_id": str(cast.teams["care"]), "month": "2026-06"})
    assert answer.status_code in {403, 404}
    with as_(cast.ana) as uow:
        assert all(one.roster_id is None for one in rosters.list_month(uow, Month(2026, 6)))


@pytest.mark.parametrize("month", ["2026-13", "soon", "1850-01", "2026-06-01"])
def test_a_month_that_is_none_is_not_found(client, cast, month):
    client.sign_in(cast.pia)
    assert client.get(client.url("rosters", month=month)).status_code == 404


def test_the_number_of_statements_is_small(client, cast, as_, statements):
    client.sign_in(cast.ana).page("rosters")
    statements.clear()
    client.page("rosters")
    assert len(statements) <= 4
