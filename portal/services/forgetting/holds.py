"""Legal holds: nobody is erased while a dispute or the law needs their data. Placed and lifted with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.erasure import LegalHold
from portal.services import access, audit

LONGEST_REASON = 1000
_LONGEST = timedelta(days=30 * 366)


@dataclass(frozen=True)
class HoldLine:
    """One hold in the list."""

    id: UUID
    employee_id: UUID
    name: str
    reason: str
    until_date: date | None
    placed_by: str
    placed_at: datetime
    lifted_at: datetime | None
    in_force: bool


def place(uow: UnitOfWork, *, email: str, reason: str, until_date: date | None) -> UUID:
    """From now on nothing of this person is erased, until the day is over or somebody lifts it."""
    _need_right(uow)
    reason = reason.strip()
    if not reason:
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    latest = uow.today() + _LONGEST
    if until_date is not None and not uow.today() <= until_date <= latest:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="until_date", earliest=uow.today(), latest=latest)
    employee_id = uow.session.scalar(
        select(Employee.id).where(Employee.email == email.strip().lower(), Employee.erased_at.is_(None))
    )
    if employee_id is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="email")
    hold = LegalHold(
        employee_id=employee_id,
        reason=reason,
        until_date=until_date,
        placed_by_id=uow.actor.employee_id,
        created_at=uow.clock.now(),
    )
    uow.session.add(hold)
    audit.record(uow, audit.Action.LEGAL_HOLD_PLACED, subject=hold)
    return employee_id


def lift(uow: UnitOfWork, hold_id: UUID) -> None:
    """The reason is gone. Lifted before, it stays lifted."""
    _need_right(uow)
    hold = access.one_or_refuse(uow, select(LegalHold).where(LegalHold.id == hold_id).with_for_update())
    if hold.lifted_at is not None:
        return
    hold.lifted_at, hold.lifted_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.LEGAL_HOLD_LIFTED, subject=hold)


def list_all(uow: UnitOfWork) -> list[HoldLine]:
    """Every hold, those in force first."""
    _need_right(uow)
    placer = select(func.concat(Employee.first_name, " ", Employee.last_name)).where(
        Employee.id == LegalHold.placed_by_id
    )
    rows = uow.session.execute(
        select(
            LegalHold,
            func.concat(Employee.first_name, " ", Employee.last_name),
            placer.correlate(LegalHold).scalar_subquery(),
            in_force(uow),
        )
        .join(Employee, Employee.id == LegalHold.employee_id)
        .order_by(in_force(uow).desc(), LegalHold.created_at.desc())
        .limit(500)
    )
    return [
        HoldLine(
            hold.id,
            hold.employee_id,
            name,
            hold.reason,
            hold.until_date,
            by,
            hold.created_at,
            hold.lifted_at,
            held,
        )
        for hold, name, by, held in rows
    ]


def is_held(uow: UnitOfWork, employee_id: UUID) -> bool:
    """Does a hold forbid today that this person is erased?"""
    found = uow.session.scalar(
        select(func.count()).select_from(LegalHold).where(LegalHold.employee_id == employee_id, in_force(uow))
    )
    return bool(found)


def in_force(uow: UnitOfWork) -> ColumnElement[bool]:
    """The condition that a hold counts today."""
    lasting = or_(LegalHold.until_date.is_(None), LegalHold.until_date >= uow.today())
    return and_(LegalHold.lifted_at.is_(None), lasting)


def _need_right(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.PRIVACY_HOLD, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
