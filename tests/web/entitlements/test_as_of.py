"""The ledger as of any day: what stood then, and what is expected by a day to come."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.entitlement_plans import CarryOver, Frequency, Milestone, Plan, SeniorityUnit
from portal.models import AbsenceType
from portal.services import accruals, balances, entitlement_plans, ledger_as_of


@pytest.fixture
def monthly(as_, cast):
    """Vacation gives two days a month since January 2026; at most five are carried over through March."""
    milestones = (Milestone(0, SeniorityUnit.DAYS, 24_000),)
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
        plan = Plan(date(2026, 1, 1), milestones, Frequency.MONTHLY, carry_over=CarryOver(5_000, (3, 31)))
        entitlement_plans.change(uow, kind, plan)
        uow.session.flush()
        accruals.post(uow)


@pytest.mark.parametrize(
    ("day", "figures"),
    [
        (date(2026, 3, 15), {2026: 6_000}),
        (date(2026, 6, 15), {2026: 12_000}),
        (date(2026, 12, 31), {2026: 24_000}),
        # 24 days are left: five are carried over, and January gives two.
        (date(2027, 1, 1), {2026: 5_000, 2027: 2_000}),
        (date(2027, 4, 1), {2027: 8_000}),
    ],
)
def test_any_day_has_its_balance(as_, cast, monthly, day, figures):
    with as_(cast.ana) as uow:
        opened = balances.ledger_of(uow, cast.eve.employee_id)
        found = ledger_as_of.as_of(uow, opened, day)
    assert {one.bucket.origin_year: one.amount for one in found.figures} == figures


def test_the_page_marks_what_is_only_expected(client, cast, monthly):
    client.sign_in(cast.eve)
    address = f"people/{cast.eve.employee_id}/ledger"
    page = client.page(f"{address}?as_of=2027-04-01")
    assert "Expected" in page and "When the year 2026 is settled." in page
    assert "Not used through" in page
    assert "Expected" not in client.page(f"{address}?as_of=2026-05-01")
    assert "Please choose a date." in client.page(f"{address}?as_of=soon")
    assert "as_of-problem" in client.page(f"{address}?as_of=1850-01-01")
