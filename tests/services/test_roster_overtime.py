"""What a published roster planned beyond the contract is proposed once its month is over, and decided like the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.months import Month
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.domain.periods import DayPart
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import WorkingPattern
from portal.models import (
    AuditEvent,
    Employee,
    Employment,
    LedgerEntry,
    OutboxMessage,
    OvertimeCredit,
    ReleasedShift,
)
from portal.services import (
    absence_requests,
    absence_types,
    balances,
    overtime,
    overtime_types,
    roster_hours,
    roster_overtime,
)
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.overtime import Worked
from tests.factories.rosters import draft, make_template, plan, publish

MAY, APRIL = Month(2026, 5), Month(2026, 4)
LABOUR_DAY = date(2026, 5, 1)
#: In Prague, on the 1st and the 8th, both Fridays: 19 days of work are left.
HOLIDAYS = (LABOUR_DAY, date(2026, 5, 8))
WORKDAYS = [day for day in MAY.days() if day.isoweekday() <= 5 and day not in HOLIDAYS]
SATURDAY = date(2026, 5, 16)
BEFORE, AFTER = datetime(2026, 3, 20, 12, tzinfo=UTC), datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
def lieu(as_, cast):
    """Takes the hours of the roster in, up to ten; Eve works by the roster."""
    with as_(cast.ana) as uow:
        by_roster(uow, cast.eve)
        make_template(uow, "D", "08:00", "16:30", 30)
        make_template(uow, "K", "08:00", "12:00")
        return taking_in(uow, "TL", OvertimeRules(6, cap=600, of_roster=True))


def by_roster(uow, person, holds=True):
    query = select(Employment).where(Employment.employee_id == person.employee_id)
    uow.session.scalars(query).one().by_roster = holds
    uow.session.flush()


def taking_in(uow, code, rules):
    made = absence_types.create(
        uow,
        TypeLook(f"Time in lieu {code}", code, "pink"),
        TypeRules(unit=Unit.HOUR),
        counting=CountingMethod.HOURS,
    )
    uow.session.flush()
    overtime_types.set_rules(uow, made.id, rules)
    return made.id


@pytest.fixture
def roster(as_, cast, lieu, clock):
    """Published before the month begins; afterwards it is over."""

    def published(days, month=MAY):
        clock.move_to(BEFORE)
        with as_(cast.ana) as uow:
            shifts = [(cast.eve.employee_id, day, "D") for day in days]
            roster_id = draft(uow, cast.teams["care"], *shifts, month=month)
            publish(uow, roster_id)
        clock.move_to(AFTER)
        return roster_id

    return published


def more(as_, cast, roster_id, *planned):
    with as_(cast.ana) as uow:
        for day, code in planned:
            plan(uow, roster_id, cast.eve.employee_id, day, code)
        publish(uow, roster_id)


def night(as_, cast):
    """How many proposals the job made, changed or dropped; a second run finds nothing."""
    with as_(cast.ana) as uow:
        done = roster_overtime.propose_months(uow)
    with as_(cast.ana) as uow:
        assert roster_overtime.propose_months(uow) == 0
    return done


def proposed(as_, cast, *statuses):
    with as_(cast.ana) as uow:
        query = select(OvertimeCredit).where(OvertimeCredit.roster_month.is_not(None))
        rows = uow.session.scalars(query.order_by(OvertimeCredit.proposed_at, OvertimeCredit.id)).all()
        return [row for row in rows if not statuses or row.status in statuses]


def reason_of(call, *arguments, **named):
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


def test_what_is_planned_beyond_the_contract_is_proposed_once_and_booked(as_, cast, lieu, roster):
    roster([*WORKDAYS, SATURDAY])
    assert night(as_, cast) == 1
    (row,) = proposed(as_, cast)
    assert (row.status, row.worked_minutes, row.worked_on) == (OvertimeStatus.PROPOSED, 480, MAY.last_day)
    assert (row.planned_minutes, row.contract_minutes, row.holiday_minutes) == (20 * 480, 19 * 480, 0)
    with as_(cast.mats) as uow:
        letters = select(OutboxMessage.employee_id).where(OutboxMessage.template == "overtime_proposed")
        assert uow.session.scalars(letters).all() == [cast.mats.employee_id]
        overtime.approve(uow, row.id, version=1)
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.granted, balance.bucket.usable_through) == (480, date(2026, 11, 30))
    assert night(as_, cast) == 0, "what is booked is not proposed again"
    with as_(cast.ana) as uow:
        actions = uow.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("overtime.%")))
        assert actions.all() == ["overtime.of-roster-proposed", "overtime.booked"]


def test_work_on_a_public_holiday_comes_back_hour_for_hour(as_, cast, lieu, roster):
    roster([*WORKDAYS, LABOUR_DAY])
    night(as_, cast)
    (row,) = proposed(as_, cast)
    assert (row.worked_minutes, row.holiday_minutes) == (480, 480)


def test_a_plan_short_of_the_contract_takes_nothing_and_is_shown(as_, cast, lieu, roster):
    roster(WORKDAYS[:-1])
    assert night(as_, cast) == 0
    with as_(cast.eve) as uow:
        (line,) = roster_hours.last_months(uow, cast.eve.employee_id)
        assert (line.month, line.hours.difference, line.settled) == (MAY, -480, 0)
        assert not uow.session.scalars(select(LedgerEntry)).all()


def test_nothing_is_proposed_that_the_company_does_not_ask_for(as_, cast, lieu, roster):
    roster([*WORKDAYS, SATURDAY])
    with as_(cast.ana) as uow:
        overtime_types.set_rules(uow, lieu, OvertimeRules(6))
    assert night(as_, cast) == 0
    with as_(cast.ana) as uow:
        overtime_types.set_rules(uow, lieu, OvertimeRules(6, of_roster=True))
        by_roster(uow, cast.eve, holds=False)
    assert night(as_, cast) == 0, "whoever has days of their own owes these"
    with as_(cast.ana) as uow:
        by_roster(uow, cast.eve)
    assert night(as_, cast) == 1
    with as_(cast.ana) as uow:
        overtime_types.set_rules(uow, lieu, OvertimeRules(6))
    assert night(as_, cast) == 1
    assert [row.status for row in proposed(as_, cast)] == [OvertimeStatus.DROPPED]


def test_only_one_type_takes_the_hours_of_rosters_in(as_, cast, lieu, roster):
    with as_(cast.ana) as uow:
        other = taking_in(uow, "T2", OvertimeRules(6))
        refused = reason_of(overtime_types.set_rules, uow, other, OvertimeRules(6, of_roster=True))
        assert refused is Reason.OVERTIME_OF_ROSTER_TWICE
        overtime_types.set_rules(uow, lieu, OvertimeRules(9, of_roster=True))
        overtime_types.set_rules(uow, lieu, None)
        overtime_types.set_rules(uow, other, OvertimeRules(6, of_roster=True))


def test_a_roster_published_again_changes_what_is_proposed_at_once(as_, cast, lieu, roster):
    """One undecided proposal for a person and month; it is asked for anew, and what was seen before decides nothing."""
    roster_id = roster([*WORKDAYS, SATURDAY])
    night(as_, cast)
    (first,) = proposed(as_, cast)
    more(as_, cast, roster_id, (date(2026, 5, 17), "K"))
    (row,) = proposed(as_, cast)
    assert (row.id, row.worked_minutes, row.version) == (first.id, 720, 2)
    with as_(cast.mats) as uow:
        assert reason_of(overtime.approve, uow, row.id, version=1) is Reason.CHANGED_MEANWHILE
    assert night(as_, cast) == 0
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        terms = uow.session.scalars(query).one()
        terms.working_pattern = WorkingPattern.spread(3000)
    assert night(as_, cast) == 1
    (row,) = proposed(as_, cast)
    assert row.status is OvertimeStatus.DROPPED, "by now the contract asks more than was planned"


def test_after_a_decision_only_the_difference_is_proposed(as_, cast, lieu, roster):
    """Booked and declined hours are settled; those that were taken out again are open once more."""
    roster_id = roster([*WORKDAYS, SATURDAY])
    night(as_, cast)
    (first,) = proposed(as_, cast)
    with as_(cast.mats) as uow:
        overtime.decline(uow, first.id, version=1, note="Paid out")
    assert night(as_, cast) == 0
    more(as_, cast, roster_id, (date(2026, 5, 17), "K"))
    (second,) = proposed(as_, cast, OvertimeStatus.PROPOSED)
    assert second.worked_minutes == 240
    with as_(cast.mats) as uow:
        overtime.approve(uow, second.id, version=1)
    assert night(as_, cast) == 0
    with as_(cast.mats) as uow:
        overtime.reverse(uow, second.id, version=2)
    assert night(as_, cast) == 1
    (third,) = proposed(as_, cast, OvertimeStatus.PROPOSED)
    assert (third.worked_minutes, third.planned_minutes - third.contract_minutes) == (240, 720)


def test_time_off_moves_nothing(as_, cast, lieu, roster, clock):
    """A shift that falls open because the person is away stays what they would have worked."""
    roster([*WORKDAYS, SATURDAY])
    clock.move_to(BEFORE)
    with as_(cast.ana) as uow:
        kind = absence_types.create(uow, TypeLook("Study", "ST", "blue"), TypeRules(needs_approval=False)).id
    with as_(cast.eve) as uow:
        absence_requests.request(uow, uuid4(), Wish.of_days(kind, [DayPart(date(2026, 5, 19))]))
        assert uow.session.scalar(select(func.count()).select_from(ReleasedShift)) == 1
    clock.move_to(AFTER)
    night(as_, cast)
    (row,) = proposed(as_, cast)
    assert (row.worked_minutes, row.planned_minutes) == (480, 20 * 480)


def test_more_than_the_account_holds_is_proposed_all_the_same(as_, cast, lieu, roster):
    """The job goes on; whoever books is told how much room there is."""
    roster([*WORKDAYS, SATURDAY, *HOLIDAYS])
    assert night(as_, cast) == 1
    (row,) = proposed(as_, cast)
    assert row.worked_minutes == 1440
    with as_(cast.mats) as uow:
        assert reason_of(overtime.approve, uow, row.id, version=1) is Reason.OVERTIME_OVER_CAP


def test_nobody_takes_back_what_the_roster_says_and_own_hours_stand_beside_it(as_, cast, lieu, roster):
    roster([*WORKDAYS, SATURDAY])
    night(as_, cast)
    (row,) = proposed(as_, cast)
    with as_(cast.eve) as uow:
        assert reason_of(overtime.drop, uow, row.id, version=1) is Reason.NOT_FOUND
        overtime.propose(uow, uuid4(), Worked(lieu, MAY.last_day, 60))
    assert night(as_, cast) == 0


def test_the_last_two_months_are_looked_at_and_no_hours_that_have_lapsed(as_, cast, lieu, roster, clock):
    days = [day for day in APRIL.days() if day.isoweekday() <= 5]
    roster([*days, date(2026, 4, 11)], month=APRIL)
    clock.move_to(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert night(as_, cast) == 0
    clock.move_to(datetime(2026, 6, 18, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        overtime_types.set_rules(uow, lieu, OvertimeRules(1, of_roster=True))
    assert night(as_, cast) == 0, "hours of April could be used through May"
    with as_(cast.ana) as uow:
        overtime_types.set_rules(uow, lieu, OvertimeRules(2, of_roster=True))
    assert night(as_, cast) == 1
    assert [row.roster_month for row in proposed(as_, cast)] == [APRIL.first_day]


def test_who_has_left_is_asked_about_no_more(as_, cast, lieu, roster):
    roster([*WORKDAYS, SATURDAY])
    night(as_, cast)
    with as_(cast.ana) as uow:
        person = uow.session.scalars(select(Employee).where(Employee.id == cast.eve.employee_id)).one()
        person.active = False
    assert night(as_, cast) == 1
    assert [row.status for row in proposed(as_, cast)] == [OvertimeStatus.DROPPED]


def test_many_people_cost_the_same_few_statements(as_, cast, roster, statements):
    roster(WORKDAYS)
    counted = []
    for people in ((cast.eve,), (cast.eve, cast.mats, cast.pia)):
        with as_(cast.ana) as uow:
            for one in people:
                by_roster(uow, one)
        with as_(cast.ana) as uow:
            statements.clear()
            roster_overtime.propose_months(uow)
            counted.append(len(statements))
    assert counted[0] == counted[1] <= 12
