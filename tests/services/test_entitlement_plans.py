"""Plans give night by night or all at once the same; new terms correct what is still running, never what is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from portal.domain.entitlement_plans import CarryOver, Frequency, Milestone, Plan, SeniorityUnit
from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.models import AbsenceType, Employee, Employment, EntitlementPlan, LedgerEntry
from portal.services import accruals, entitlement_plans, entitlements
from portal.services.ledger_rules import ACCRUAL, CORRECTED, read_rule

TODAY = date(2026, 6, 15)
ALL_YEAR = Plan(date(2026, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 24_000),), Frequency.MONTHLY)


def vacation_id(uow):
    return uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()


@pytest.fixture
def planned(as_, cast):
    """Vacation gives two days a month since January."""
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation_id(uow), ALL_YEAR)


def rows_of(uow, member):
    query = select(LedgerEntry).where(LedgerEntry.employee_id == member.employee_id)
    return uow.session.scalars(query.order_by(LedgerEntry.effective_date, LedgerEntry.kind)).all()


def test_the_night_gives_what_is_due_and_says_why(as_, cast, planned):
    with as_(cast.ana) as uow:
        people = uow.session.scalars(select(func.count()).select_from(Employee)).one()
        assert accruals.post(uow) == people * 6
        first, *_rest = rows = rows_of(uow, cast.eve)
    assert [(row.kind, row.amount) for row in rows] == [(EntryKind.ACCRUE, 2_000)] * 6
    assert (first.period_start, first.effective_date) == (date(2026, 1, 1), date(2026, 1, 1))
    rule = read_rule(first.rule)
    assert (rule.name, rule.facts["plan"], rule.facts["amount"]) == (ACCRUAL, "2026-01-01", 2_000)


def test_missed_nights_lose_nothing_and_a_second_run_gives_nothing(as_, cast, planned, clock):
    with as_(cast.ana) as uow:
        accruals.post(uow)
    with as_(cast.ana) as uow:
        assert accruals.post(uow) == 0
    clock.move_to(datetime(2026, 9, 20, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
        assert [row.amount for row in rows_of(uow, cast.eve)] == [2_000] * 9


def test_the_database_refuses_a_second_accrual_of_a_period(as_, cast, planned):
    with as_(cast.ana) as uow:
        accruals.post(uow, [cast.eve.employee_id])
        row = rows_of(uow, cast.eve)[0]
        copied = {
            one.name: getattr(row, one.name) for one in LedgerEntry.__table__.columns if one.name != "id"
        }
        uow.session.add(LedgerEntry(**copied))
        with pytest.raises(Exception, match="ix_ledger_entry_company_id_employee_id_plan_id_period_start"):
            uow.session.flush()
        uow.session.rollback()


def test_new_terms_correct_the_running_year_by_a_row_of_their_own(as_, cast, planned):
    with as_(cast.ana) as uow:
        accruals.post(uow, [cast.eve.employee_id])
        own = Employment.employee_id == cast.eve.employee_id
        terms = uow.session.scalars(select(Employment).where(own)).one()
        terms.end_date = date(2026, 6, 15)
        uow.session.flush()
        assert accruals.post(uow, [cast.eve.employee_id]) == 1
        [fixed] = [row for row in rows_of(uow, cast.eve) if row.kind is EntryKind.ADJUST]
        # Half of June: 24/12 × 15/30 is one day, so one of two is taken back the day after.
        assert (fixed.amount, fixed.effective_date) == (-1_000, date(2026, 6, 16))
        assert read_rule(fixed.rule).name == CORRECTED
        assert accruals.post(uow, [cast.eve.employee_id]) == 0


def test_a_type_with_a_plan_has_no_yearly_grant_and_newcomers_get_theirs_at_once(as_, cast, planned):
    with as_(cast.ana) as uow:
        assert entitlements.ensure_grants(uow, [cast.eve.employee_id], [2026]) == 6
        assert {row.kind for row in rows_of(uow, cast.eve)} == {EntryKind.ACCRUE}


def test_the_first_plan_begins_with_a_year_that_nobody_was_granted(as_, cast):
    with as_(cast.ana) as uow:
        kind = vacation_id(uow)
        entitlements.ensure_grants(uow, [cast.eve.employee_id], [2026])
        with pytest.raises(Refusal) as refused:
            entitlement_plans.change(uow, kind, ALL_YEAR)
        assert (refused.value.reason, refused.value.field) == (Reason.RULES_NOT_BACKDATED, "valid_from")
        entitlement_plans.change(uow, kind, Plan(date(2027, 1, 1), ALL_YEAR.milestones))
        assert accruals.post(uow) == 0


def test_a_plan_that_holds_is_never_rewritten(as_, cast, planned):
    with as_(cast.ana) as uow:
        kind = vacation_id(uow)
        for day in (date(2026, 1, 1), date(2026, 6, 14)):
            with pytest.raises(Refusal):
                entitlement_plans.change(uow, kind, Plan(day, ALL_YEAR.milestones))
        entitlement_plans.change(uow, kind, Plan(TODAY, ALL_YEAR.milestones, carry_over=CarryOver(None)))
        assert uow.session.scalars(select(func.count()).select_from(EntitlementPlan)).one() == 2


def test_an_agreed_amount_holds_for_this_person_from_its_day(as_, cast, planned):
    with as_(cast.ana) as uow:
        kind, eve = vacation_id(uow), cast.eve.employee_id
        first_of_june = date(2026, 6, 1)
        entitlement_plans.agree(uow, eve, kind, valid_from=first_of_june, yearly=36_000, reason="Contract")
        uow.session.flush()
        accruals.post(uow)
        assert [row.amount for row in rows_of(uow, cast.eve)] == [2_000] * 5 + [3_000]
        assert [row.amount for row in rows_of(uow, cast.otto)] == [2_000] * 6
        with pytest.raises(Refusal):
            entitlement_plans.agree(
                uow, cast.ana.employee_id, kind, valid_from=TODAY, yearly=1, reason="Mine"
            )


def test_of_a_capped_plan_each_row_says_its_own_amount(as_, cast):
    """People are worked out one by one there, and each amount is written down for the person it is of."""
    capped = Plan(ALL_YEAR.valid_from, ALL_YEAR.milestones, Frequency.MONTHLY, balance_cap=9_000)
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation_id(uow), capped)
        terms = uow.session.scalars(select(Employment).order_by(Employment.employee_id)).all()
        for number, one in enumerate(terms):
            one.pattern = [480 if day <= number % 5 else 0 for day in range(7)]
        uow.session.flush()
        accruals.post(uow)
        rows = uow.session.scalars(select(LedgerEntry)).all()
    assert len({row.amount for row in rows}) > 3
    assert [(row.amount, read_rule(row.rule).facts["amount"]) for row in rows] == [
        (row.amount, row.amount) for row in rows
    ]
