"""The page of findings: each kind, whose it shows, and how it is put right."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.holidays import HolidayPart
from portal.domain.ledger import EntryKind
from portal.models import Employee, Employment, LedgerEntry
from portal.services import data_health, holidays
from portal.services.data_health import Problem
from portal.services.holiday_days import OwnDay
from tests.factories.absences import ask, grant, vacation
from tests.factories.people import lead

WEDNESDAY = date(2026, 8, 5)


@pytest.fixture
def found(as_, cast):
    """What Ana finds of one kind: names, or nothing."""

    def of(problem):
        with as_(cast.ana) as uow:
            return [one.name for one in data_health.check(uow).findings.get(problem, [])]

    return of


def test_nobody_is_without_entitlement_once_the_year_is_granted(client, as_, cast, found):
    assert cast.eve.name in found(Problem.NO_ENTITLEMENT)
    client.sign_in(cast.ana)
    page = client.page("data-health")
    assert "No entitlement for this year" in page and "Grant the year" in page
    assert client.send(f"people/{cast.eve.employee_id}/ledger/grants", {"year": "2026"}).status_code == 303
    assert cast.eve.name not in found(Problem.NO_ENTITLEMENT)


def test_one_press_grants_the_year_to_all_and_a_second_finds_nobody(client, as_, cast, found):
    assert len(found(Problem.NO_ENTITLEMENT)) > 1
    client.sign_in(cast.ana)
    assert "Grant 2026 to all of them" in client.page("data-health")
    assert client.send("data-health/grants", {}).status_code == 303
    assert found(Problem.NO_ENTITLEMENT) == []
    with as_(cast.ana) as uow:
        before = uow.session.scalars(select(LedgerEntry.id)).all()
    assert client.send("data-health/grants", {}).status_code == 303
    assert "There is nothing to grant." in client.page("data-health")
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(LedgerEntry.id)).all() == before
    client.sign_in(cast.mats)
    assert client.send("data-health/grants", {}).status_code == 403


def test_a_request_without_approver(as_, cast, found):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    with as_(cast.eve) as uow:
        ask(uow, WEDNESDAY)
    assert found(Problem.NO_APPROVER) == []
    with as_(cast.ana) as uow:
        lead(uow, cast.eve.employee_id, None)
    assert found(Problem.NO_APPROVER) == [cast.eve.name]


def test_a_balance_below_zero(as_, cast, found):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        uow.session.add(
            LedgerEntry(
                employee_id=cast.eve.employee_id,
                absence_type_id=vacation(uow).id,
                kind=EntryKind.ADJUST,
                amount=-26_000,
                effective_date=WEDNESDAY,
                origin_year=2026,
                usable_from=date(2026, 1, 1),
                usable_through=date(2026, 12, 31),
                rule="adjustment",
                reason="Test",
            )
        )
    with as_(cast.ana) as uow:
        (one,) = data_health.check(uow).findings[Problem.BELOW_ZERO]
    assert (one.name, one.amount, one.day.year) == (cast.eve.name, -1000, 2026)


def test_time_off_after_the_last_day(as_, cast, found):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        ask(uow, WEDNESDAY)
    with as_(cast.ana) as uow:
        terms = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(terms).one().end_date = date(2026, 7, 31)
    assert found(Problem.OUTSIDE_EMPLOYMENT) == [cast.eve.name]


def test_a_holiday_that_went_away_is_a_finding_and_no_charge(as_, cast, found):
    """2.6: removed later, it is told and never charged."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        holidays.add_days(uow, [OwnDay(None, None, WEDNESDAY, HolidayPart.FULL, True, "Founders' Day")])
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), date(2026, 8, 7))
    assert found(Problem.NOT_CHARGED) == []
    with as_(cast.ana) as uow:
        (day,) = holidays.book_of(uow).days
        holidays.remove(uow, day.id)
    assert found(Problem.NOT_CHARGED) == [cast.eve.name]


def test_a_team_without_manager(as_, cast, found):
    before = found(Problem.TEAM_WITHOUT_MANAGER)
    with as_(cast.ana) as uow:
        for person in uow.session.scalars(select(Employee)):
            lead(uow, person.id, None)
    assert len(found(Problem.TEAM_WITHOUT_MANAGER)) > len(before)


def test_only_who_may_correct_balances_sees_it(client, cast, statements):
    client.sign_in(cast.ana)
    statements.clear()
    client.page("data-health")
    assert len(statements) <= 8
    client.sign_in(cast.mats)
    assert client.get("/c/acme/data-health").status_code == 403
