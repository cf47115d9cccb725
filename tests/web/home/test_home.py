"""The home page: what waits, and what comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.models import Absence
from tests.factories.belongings import give_acme_everything
from tests.factories.people import make_employee
from tests.fixtures.cast import SENTINEL


@pytest.fixture
def everything(as_, cast):
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)


def test_it_shows_what_comes_next_and_what_is_left(client, cast, everything):
    page = client.sign_in(cast.eve).page("/c/acme/")
    assert "Hello, Eve" in page
    assert "Monday, 15 June" in page
    assert f"Early {SENTINEL}" in page
    assert "18 Jun" in page
    assert "not decided yet" in page
    assert "24 days" in page  # 25 granted, one asked for
    assert "1 document" in page


def test_a_manager_sees_what_waits_for_a_decision(client, cast, everything):
    assert "1 request" in client.sign_in(cast.mats).page("/c/acme/")


@pytest.mark.parametrize("who", ["otto", "pia"])
def test_nobody_sees_what_is_for_others(client, cast, everything, who):
    """T87: nothing of Eve's, and no request to decide; Pia is only asked to cover for her."""
    page = client.sign_in(getattr(cast, who)).page("/c/acme/")
    assert "Nothing planned" in page
    assert "No shift planned" in page
    assert "to approve or reject" not in page
    assert ("Waiting for you" in page) == (who == "pia")


def test_ones_own_request_is_not_for_oneself_to_decide(client, cast, as_, everything):
    with as_(cast.ana) as uow:
        uow.session.execute(update(Absence).values(employee_id=cast.mats.employee_id))
    assert "to approve or reject" not in client.sign_in(cast.mats).page("/c/acme/")


def test_what_is_over_is_not_next(client, cast, everything, clock):
    clock.advance(timedelta(days=10))
    page = client.sign_in(cast.eve).page("/c/acme/")
    assert "No shift planned" in page
    assert "Nothing planned" in page


def test_another_company_sees_nothing_of_it(client, cast, everything):
    """T99."""
    assert SENTINEL not in client.sign_in(cast.zoe).page("/c/beta/")


def test_as_many_statements_for_ten_people_as_for_a_hundred(client, cast, as_, everything, statements):
    client.sign_in(cast.mats)
    client.get("/c/acme/")
    statements.clear()
    client.page("/c/acme/")
    few = len(statements)
    with as_(cast.ana) as uow:
        for number in range(100):
            make_employee(uow, f"p{number}@acme.example", "P", str(number))
    statements.clear()
    client.get("/c/acme/")
    assert len(statements) == few <= 8


def test_without_signing_in_it_leads_to_the_door(client):
    answer = client.get("/c/acme/")
    assert answer.headers["Location"] == "/c/acme/sign-in?after=/c/acme/"


def test_it_names_the_team_mates_who_are_away_this_week(client, cast, as_, everything, clock):
    """Approved absences of one's own teams only, with their dates and without their kind."""
    heading = "Away in your teams this week"
    assert "Eve" not in client.sign_in(cast.mats).page("/c/acme/").split(heading)[1]
    with as_(cast.ana) as uow:
        uow.session.execute(update(Absence).values(status="approved"))
    away = client.page("/c/acme/").split(heading)[1]
    assert "Eve" in away
    assert "18 Jun" in away
    assert "Vacation" not in away
    assert "Eve" not in client.sign_in(cast.otto).page("/c/acme/").split(heading)[1]
    assert "Nobody" in client.sign_in(cast.eve).page("/c/acme/").split(heading)[1]
