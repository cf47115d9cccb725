"""A plan by worked time: absences that do not count as worked earn nothing, all others do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.entitlement_plans import Basis, Frequency, GivenAt, Milestone, Plan, SeniorityUnit
from portal.domain.entitlements import Rounding, RoundingPolicy
from portal.domain.periods import DayPart, Part
from portal.models import LedgerEntry
from portal.services import absence_requests, absence_types, absences, accruals, entitlement_plans
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.factories.absences import vacation

# Two days a month, given at its end, for the share of the scheduled days that was worked.
WORKED = Plan(
    date(2026, 6, 1),
    (Milestone(0, SeniorityUnit.DAYS, 24_000),),
    Frequency.MONTHLY,
    GivenAt.END,
    basis=Basis.WORKED,
    rounding=RoundingPolicy(Rounding.DOWN, 1),
)


@pytest.fixture
def plan(as_, cast):
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation(uow).id, WORKED)


def away(as_, cast, code, *days, counting=CountingMethod.DAYS, **rules):
    with as_(cast.ana) as uow:
        made = TypeRules(needs_approval=False, unit=Unit.HOUR, **rules)
        kind = absence_types.create(uow, TypeLook(f"Type {code}", code, "blue"), made, counting=counting)
        uow.session.flush()
    with as_(cast.eve) as uow:
        return absence_requests.request(uow, uuid4(), Wish.of_days(kind.id, list(days))).id


def earned(as_, cast, month_end, clock):
    clock.move_to(datetime(2026, *month_end, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow, [cast.eve.employee_id])
        query = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.employee_id == cast.eve.employee_id)
        return int(uow.session.scalar(query) or 0)


def test_half_of_a_month_not_worked_earns_half(as_, cast, plan, clock):
    """June 2026 has 22 scheduled days; eleven of them unpaid are half of two days."""
    eleven = [DayPart(date(2026, 6, day)) for day in (15, 16, 17, 18, 19, 22, 23, 24, 25, 26, 29)]
    away(as_, cast, "U", *eleven, counts_as_worked=False)
    away(as_, cast, "T", DayPart(date(2026, 6, 30)))  # training counts as worked
    assert earned(as_, cast, (6, 30), clock) == 1_000


def test_hours_and_halves_count_as_what_they_are_of_the_day(as_, cast, plan, clock):
    """Half a day and four of eight hours are one day of 22: two days less 1/22 of them."""
    away(as_, cast, "U", DayPart(date(2026, 6, 16), Part.AM), counts_as_worked=False)
    hours = DayPart(date(2026, 6, 17), Part.FROM_TO, 8 * 60, 12 * 60)
    away(as_, cast, "H", hours, counting=CountingMethod.HOURS, counts_as_worked=False)
    assert earned(as_, cast, (6, 30), clock) == 2_000 - 91


def test_what_is_given_up_afterwards_is_corrected(as_, cast, plan, clock):
    absence_id = away(
        as_, cast, "U", *[DayPart(date(2026, 6, day)) for day in (15, 16)], counts_as_worked=False
    )
    assert earned(as_, cast, (6, 30), clock) == 2_000 * 20 // 22
    with as_(cast.ana) as uow:
        absences.cancel(uow, absence_id, version=2)
    assert earned(as_, cast, (7, 1), clock) == 2_000


def test_a_change_of_rule_does_not_rewrite_what_was_before(as_, cast, plan, clock):
    """By the rules of the first day of the absence."""
    away(as_, cast, "U", DayPart(date(2026, 6, 16)), DayPart(date(2026, 6, 23)))
    with as_(cast.ana) as uow:
        kind = next(one for one in absence_types.list_all(uow) if one.facts.code == "U").facts
        rules = TypeRules(needs_approval=False, unit=Unit.HOUR, counts_as_worked=False)
        absence_types.change_rules(uow, kind.id, rules, valid_from=date(2026, 6, 20))
    assert earned(as_, cast, (6, 30), clock) == 2_000
