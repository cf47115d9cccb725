"""My shifts: published ones only, on my own clock, and the next one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.domain.months import Month
from portal.models import Employee
from portal.services import shifts
from portal.services.shifts import Cell
from tests.factories.rosters import draft, plan, publish

MONDAY, FRIDAY = date(2026, 6, 15), date(2026, 6, 19)


@pytest.fixture
def care(as_, cast):
    eve = cast.eve.employee_id
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "E"), (eve, FRIDAY, "N"))
        publish(uow, roster_id)
        plan(uow, roster_id, eve, date(2026, 6, 23), "L")
    return roster_id


def test_the_month_with_its_hours_and_the_next_shift(client, cast, care):
    page = client.sign_in(cast.eve).page("shifts")
    assert "Monday, 15 June" in page and "Friday, 19 June" in page
    assert "16:00" in page and "Early until 14:30, Care Acmeonly" in page
    assert "23 June" not in page and "Late" not in page, "drafted only"


def test_what_runs_is_next_until_it_ends(client, cast, care, clock):
    clock.move_to(datetime(2026, 6, 20, 3, 0, tzinfo=UTC))
    assert "19 Jun 2026, 22:00" in client.sign_in(cast.eve).page("shifts")
    clock.move_to(datetime(2026, 6, 20, 5, 0, tzinfo=UTC))
    assert "Nothing is published for you yet" in client.sign_in(cast.eve).page("shifts")


def test_times_are_those_of_the_persons_own_clock(client, cast, as_, care):
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).time_zone = "Europe/London"
    page = client.sign_in(cast.eve).page("shifts")
    assert "Europe/London" in page and "05:00" in page and "13:30" in page and "06:00" not in page


def test_the_long_night_counts_the_hour_that_comes_twice(client, cast, as_, clock):
    """25 October 2026: nine hours are paid between 22:00 and 6:30 with a break of 30 minutes."""
    with as_(cast.pia) as uow:
        roster_id = draft(
            uow, cast.teams["care"], (cast.eve.employee_id, date(2026, 10, 24), "N"), month=Month(2026, 10)
        )
        publish(uow, roster_id)
    page = client.sign_in(cast.eve).page("shifts?month=2026-10")
    assert '<td class="number">9:00</td>' in page and '<td class="number">0:30</td>' in page


def test_a_removed_shift_stays_until_the_removal_is_published(client, cast, as_, care):
    with as_(cast.pia) as uow:
        shifts.fill(uow, care, Cell(cast.eve.employee_id, MONDAY), "", seen=["E"])
    assert "Monday, 15 June" in client.sign_in(cast.eve).page("shifts")
    with as_(cast.pia) as uow:
        publish(uow, care)
    assert "Monday, 15 June" not in client.page("shifts")


def test_nobody_sees_the_shifts_of_others_here(client, cast, care):
    page = client.sign_in(cast.mats).page("shifts")
    assert "No shifts in June 2026" in page


def test_a_month_that_is_none_is_not_found(client, cast):
    client.sign_in(cast.eve)
    assert client.get(client.url("shifts", month="2026-00")).status_code == 404


def test_the_number_of_statements_is_small(client, cast, care, statements):
    client.sign_in(cast.eve).page("shifts")
    statements.clear()
    client.page("shifts")
    assert len(statements) <= 4
