"""HR agrees an entitlement of their own with a person, and takes it back; the ledger follows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from portal.domain.entitlement_plans import Frequency, Milestone, Plan, SeniorityUnit
from portal.models import AbsenceType, AgreedEntitlement, AuditEvent, LedgerEntry
from portal.services import accruals, entitlement_plans

GOOD = {"valid_from": "2026-01-01", "by": "own", "yearly_days": "30", "reason": "Contract of 3 May"}


@pytest.fixture
def kind(as_, cast):
    """Vacation gives 24 days at the beginning of the year."""
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
        milestones = (Milestone(0, SeniorityUnit.DAYS, 24_000),)
        entitlement_plans.change(uow, kind, Plan(date(2026, 1, 1), milestones, Frequency.YEARLY))
        uow.session.flush()
        accruals.post(uow)
        return kind


def held(as_, cast):
    with as_(cast.ana) as uow:
        query = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.employee_id == cast.eve.employee_id)
        return uow.session.scalar(query)


def test_an_agreement_is_posted_shown_and_taken_back(client, cast, as_, kind):
    page = f"people/{cast.eve.employee_id}/agreed-entitlements"
    client.sign_in(cast.ana)
    assert "Nothing is agreed" in client.page(page)
    assert client.send(page, {**GOOD, "absence_type_id": str(kind)}).status_code == 303
    assert held(as_, cast) == 30_000
    ledger = f"people/{cast.eve.employee_id}/ledger"
    for member, takes_back in ((cast.ana, True), (cast.eve, False)):
        assert page in client.sign_in(member).page(ledger)
        text = client.page(page)
        for said in ("30 days for a full year", "Contract of 3 May", "Holds today", cast.ana.name):
            assert said in text
        assert ("Take back" in text) is takes_back
    with as_(cast.ana) as uow:
        row_id = uow.session.scalars(select(AgreedEntitlement.id)).one()
    removal = f"{page}/{row_id}/removal"
    assert client.sign_in(cast.eve).send(removal).status_code == 403
    assert client.sign_in(cast.ana).send(removal).status_code == 303
    assert held(as_, cast) == 24_000
    assert client.send(removal).status_code == 404
    with as_(cast.ana) as uow:
        actions = list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert actions.index("entitlement.agreed") < actions.index("entitlement.agreement-taken-back")
    assert "Agreed entitlement taken back" in client.page("audit")


def test_by_the_plan_again_from_a_day_on_and_years_that_are_over_stay(client, cast, as_, kind, clock):
    page = f"people/{cast.eve.employee_id}/agreed-entitlements"
    client.sign_in(cast.ana)
    client.send(page, {**GOOD, "absence_type_id": str(kind)})
    again = {"valid_from": "2027-01-01", "by": "plan", "yearly_days": "", "reason": "Contract has ended"}
    assert client.send(page, {**again, "absence_type_id": str(kind)}).status_code == 303
    assert "Planned" in client.page(page)
    clock.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
        old = uow.session.scalars(
            select(AgreedEntitlement.id).where(AgreedEntitlement.valid_from == date(2026, 1, 1))
        ).one()
    assert held(as_, cast) == 30_000 + 24_000
    client.sign_in(cast.ana)
    assert f"{old}/removal" not in client.page(page)
    assert client.send(f"{page}/{old}/removal").status_code == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"yearly_days": ""}, "Please enter how much, or choose the plan."),
        ({"yearly_days": "367"}, "A number of days from 0 to 366"),
        ({"yearly_days": "0.0001"}, "A number of days from 0 to 366"),
        ({"yearly_days": "-1"}, "A number of days from 0 to 366"),
        ({"yearly_days": "NaN"}, "A number of days from 0 to 366"),
        ({"reason": " "}, "Please fill this in."),
        ({"valid_from": "2025-12-31"}, "at the earliest"),
        ({"valid_from": "soon"}, "aria-invalid"),
        ({"by": "chance"}, "Not a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client, cast, as_, kind, changes, said):
    page = f"people/{cast.eve.employee_id}/agreed-entitlements"
    answer = client.sign_in(cast.ana).send(page, {**GOOD, "absence_type_id": str(kind), **changes})
    assert answer.status_code == 422
    assert said in answer.text
    assert held(as_, cast) == 24_000


def test_never_ones_own_and_only_with_the_right(client, cast, as_, kind):
    """T88: HR agrees nothing with itself."""
    wanted = {**GOOD, "absence_type_id": str(kind)}
    own = f"people/{cast.ana.employee_id}/agreed-entitlements"
    client.sign_in(cast.ana)
    assert "Agree on an entitlement" not in client.page(own)
    assert client.send(own, wanted).status_code == 403
    page = f"people/{cast.eve.employee_id}/agreed-entitlements"
    assert client.sign_in(cast.eve).send(page, wanted).status_code == 403
    assert client.sign_in(cast.otto).get(client.url(page)).status_code in (403, 404)


def test_a_type_without_a_plan_has_nothing_to_differ_from(client, cast, as_):
    page = f"people/{cast.eve.employee_id}/agreed-entitlements"
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
    assert "No type of absence gives by a plan yet" in client.sign_in(cast.ana).page(page)
    assert client.send(page, {**GOOD, "absence_type_id": str(kind)}).status_code == 422
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(AgreedEntitlement)).all() == []
