"""Publishing from the page: what it would change is shown first; a stale page publishes nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from portal.models import Employment
from portal.services import rosters
from tests.factories.absences import ask, grant
from tests.factories.rosters import draft, plan, publish, shared

MONDAY = date(2026, 6, 15)


@pytest.fixture
def care(as_, cast):
    with as_(cast.pia) as uow:
        return draft(uow, cast.teams["care"], (cast.eve.employee_id, MONDAY, "E"))


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page))


def test_the_page_shows_the_difference_and_publishes_it(client, cast, as_, care):
    page = client.sign_in(cast.pia).page(f"rosters/{care}/publication")
    assert "Eve MaláAcmeonly" in page and "06:00–14:30" in page and "version 1" in page
    answer = client.send(f"rosters/{care}/publication", fields_of(page))
    assert answer.status_code == 303
    assert "The roster is published. 1 person is told." in client.page(answer.location)
    with as_(cast.pia) as uow:
        assert len(shared(uow, care)) == 1
    assert "Nothing to publish" in client.page(f"rosters/{care}/publication")


def test_a_stale_page_is_shown_anew(client, cast, as_, care):
    """T158: 409 with the difference as it is now, and nothing is published."""
    fields = fields_of(client.sign_in(cast.pia).page(f"rosters/{care}/publication"))
    with as_(cast.pia) as uow:
        plan(uow, care, cast.mats.employee_id, MONDAY, "L")
    answer = client.send(f"rosters/{care}/publication", fields)
    assert answer.status_code == 409
    assert "nothing was overwritten" in answer.text and "Mats" in answer.text
    with as_(cast.pia) as uow:
        assert rosters.get_roster(uow, care).version == 0 and shared(uow, care) == []


def test_the_same_press_twice_publishes_once(client, cast, as_, care):
    """T157."""
    fields = fields_of(client.sign_in(cast.pia).page(f"rosters/{care}/publication"))
    assert [client.send(f"rosters/{care}/publication", fields).status_code for _ in range(2)] == [303, 409]
    with as_(cast.pia) as uow:
        assert rosters.get_roster(uow, care).version == 1


@pytest.mark.parametrize("fields", [{}, {"version": "x", "seen": "y"}, {"version": "0", "seen": "0" * 64}])
def test_a_form_without_what_was_seen_publishes_nothing(client, cast, as_, care, fields):
    client.sign_in(cast.pia)
    assert client.send(f"rosters/{care}/publication", fields).status_code == 409


@pytest.mark.parametrize("who", ["eve", "mats"])
def test_nobody_else_publishes(client, cast, as_, care, who):
    """T88: also what they may see."""
    with as_(cast.pia) as uow:
        publish(uow, care)
    client.sign_in(cast.people[who])
    assert client.send(f"rosters/{care}/publication", {"version": "1", "seen": "x"}).status_code == 403


def test_the_planner_reads_whose_leave_will_cost_something_else(client, cast, as_, care):
    """Eve works by this roster; Monday to Wednesday are off, and only Monday has a shift of hers."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = True
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 6, 22), date(2026, 6, 24))
    with as_(cast.pia) as uow:
        plan(uow, care, cast.mats.employee_id, date(2026, 6, 22), "L")
    page = client.sign_in(cast.pia).page(f"rosters/{care}/publication")
    text = " ".join(page.split())
    assert "Leave that will cost something else" in text and "22–24 Jun 2026: 3 days → <b>0 days</b>" in text
    assert text.count("1 day → 0 days") == 3
