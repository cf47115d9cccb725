"""People who work by the roster, where days of work are counted: sickness in a row, and time that was worked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.absence_types import TypeRules, Unit
from portal.domain.periods import DayPart
from portal.models import Employment, LedgerEntry, OutboxMessage
from portal.services import absence_requests, absence_types, accruals, entitlement_plans
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.ledger_rules import read_rule
from portal.services.sickness import alarms, reporting
from tests.factories.absences import sickness_type, vacation
from tests.factories.rosters import draft, make_template, publish
from tests.services.test_worked_time import WORKED, earned

MONDAY = date(2026, 6, 15)
DAYS = [MONDAY + timedelta(days=day) for day in range(4)]


@pytest.fixture
def by_roster(as_, cast):
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = True
        make_template(uow, "K", "08:00", "12:00")


def roster(as_, cast, *days):
    with as_(cast.ana) as uow:
        publish(uow, draft(uow, cast.teams["care"], *((cast.eve.employee_id, day, "K") for day in days)))


@pytest.mark.parametrize(("days", "told"), [((), False), ((date(2026, 6, 22),), False), ((DAYS[0],), True)])
def test_a_free_day_of_the_roster_makes_nobody_well(as_, cast, by_roster, clock, days, told):
    """Ill until Friday and again from Tuesday: one illness where the roster has Monday free. In Prague 14 days are the
    limit: from the 15th on they end on the 28th, from the 23rd on long after the day of the look."""
    with as_(cast.ana) as uow:
        kind = sickness_type(uow)
    for first, last in ((MONDAY, date(2026, 6, 19)), (date(2026, 6, 23), date(2026, 6, 30))):
        with as_(cast.eve) as uow:
            reporting.report(uow, uuid4(), Wish(kind, first, last))
    if days:
        roster(as_, cast, *days)
    clock.move_to(datetime(2026, 6, 24, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        alarms.watch(uow)
        sent = list(uow.session.scalars(select(OutboxMessage.template)))
        assert ("absence_long" in sent) is told


def unpaid(as_, cast):
    with as_(cast.ana) as uow:
        made = TypeRules(needs_approval=False, unit=Unit.HOUR, counts_as_worked=False)
        kind = absence_types.create(uow, TypeLook("Unpaid", "U", "blue"), made).id
        uow.session.flush()
    with as_(cast.eve) as uow:
        absence_requests.request(uow, uuid4(), Wish.of_days(kind, [DayPart(DAYS[1])]))


def test_worked_time_counts_published_shifts_and_average_days_before(as_, cast, by_roster, clock, client):
    """June has 22 average days; its roster four shifts. One of them unpaid leaves three quarters of two days."""
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation(uow).id, WORKED)
    unpaid(as_, cast)
    assert earned(as_, cast, (6, 30), clock) == 2_000 * 21 // 22
    roster(as_, cast, *DAYS)
    assert earned(as_, cast, (6, 30), clock) == 1_500, "corrected, as the year still runs"
    with as_(cast.ana) as uow:
        assert accruals.post(uow, [cast.eve.employee_id]) == 0
        count = select(func.count()).where(LedgerEntry.employee_id == cast.eve.employee_id)
        assert uow.session.scalar(count) == 2
    client.sign_in(cast.eve)
    said = client.page(f"people/{cast.eve.employee_id}/ledger?as_of=2026-07-31")
    assert "Works by the roster: 22 days" not in said
    assert "Works by the roster: 4 days count by published shifts." in said
    assert "23 as average days, because no roster is published for them yet." in said


def test_colleagues_with_the_same_terms_and_other_shifts_earn_by_their_own(as_, cast, by_roster, clock):
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation(uow).id, WORKED)
        for one in (cast.mats, cast.pia):
            row = uow.session.scalars(
                select(Employment).where(Employment.employee_id == one.employee_id)
            ).one()
            row.by_roster = True
    unpaid(as_, cast)
    shifts = [(cast.eve.employee_id, day, "K") for day in DAYS] + [(cast.mats.employee_id, MONDAY, "K")]
    with as_(cast.ana) as uow:
        publish(uow, draft(uow, cast.teams["care"], *shifts))
    clock.move_to(datetime(2026, 6, 30, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
        query = select(LedgerEntry.employee_id, LedgerEntry.amount, LedgerEntry.rule)
        earned_by = {
            person: (amount, read_rule(rule).facts["by_roster"])
            for person, amount, rule in uow.session.execute(query)
            if "by_roster" in rule
        }
    assert earned_by[cast.eve.employee_id] == (1_500, [4, 0])
    assert earned_by[cast.mats.employee_id] == (2_000, [1, 0])
    assert earned_by[cast.pia.employee_id] != earned_by[cast.mats.employee_id]
