"""Letters that tell people which of their days lapse when, before they do: sent, read, and reminded of.

Without such a letter in time days may not lapse at all (CJEU C-684/16): who got one, when and what it said is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.ledger import Bucket
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations.letters import in_language
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.models.year_end import LapseNotice
from portal.services import access, audit, entitlement_plans, outbox
from portal.services.absence_letters import VACATION, amount_text, period
from portal.services.balances import TypeFacts, type_facts

LETTER = "lapse_notice"
PAGE_SIZE = 100


@dataclass(frozen=True)
class NoticeLine:
    """One letter, whose it is, and whether it was read."""

    id: UUID
    employee_id: UUID
    name: str
    kind: TypeFacts
    usable_through: date
    amount: int
    sent_at: datetime
    reminders: int
    read_at: datetime | None


@dataclass(frozen=True)
class Notices:
    """The latest letters, and how many of all were read."""

    lines: list[NoticeLine]
    sent: int
    read: int


def send(uow: UnitOfWork, through: date) -> int:
    """A letter to everybody who has days that lapse by a day and was not told of them; returns how many."""
    today = uow.today()
    latest = date(today.year + 1, 12, 31)
    if not today <= through <= latest:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="through", earliest=today, latest=latest)
    planned = entitlement_plans.plans(uow)
    told = {
        (one.employee_id, one.absence_type_id, one.usable_through, one.origin_year)
        for one in uow.session.scalars(select(LapseNotice).where(LapseNotice.usable_through >= today))
    }
    entry = LedgerEntry
    bucket = entry.origin_year, entry.usable_from, entry.usable_through
    query = (
        select(Employee, AbsenceType, *bucket, func.sum(entry.amount))
        .join(Employee, Employee.id == entry.employee_id)
        .join(AbsenceType, AbsenceType.id == entry.absence_type_id)
        .where(
            Employee.active,
            entry.absence_type_id.in_(list(planned)),
            entry.usable_through.between(today, through),
        )
        .group_by(Employee.company_id, Employee.id, AbsenceType.company_id, AbsenceType.id, *bucket)
        .having(func.sum(entry.amount) > 0)
    )
    sent = 0
    for employee, kind, year, first, last, amount in uow.session.execute(query).all():
        if (employee.id, kind.id, last, year) not in told:
            _send(uow, employee, kind, Bucket(year, first, last), int(amount))
            sent += 1
    if sent:
        audit.record(uow, audit.Action.LAPSE_NOTICES_SENT, people=sent)
    return sent


def remind(uow: UnitOfWork) -> int:
    """The letter again, to everybody who has not said that they have read it and whose days are still there."""
    query = (
        select(LapseNotice, Employee, AbsenceType)
        .join(Employee, Employee.id == LapseNotice.employee_id)
        .join(AbsenceType, AbsenceType.id == LapseNotice.absence_type_id)
        .where(LapseNotice.read_at.is_(None), LapseNotice.usable_through >= uow.today(), Employee.active)
    )
    reminded = 0
    for notice, employee, kind in uow.session.execute(query).all():
        notice.reminders += 1
        notice.reminded_at = uow.clock.now()
        _write(uow, notice, employee, kind)
        reminded += 1
    if reminded:
        audit.record(uow, audit.Action.LAPSE_NOTICES_REMINDED, people=reminded)
    return reminded


def own(uow: UnitOfWork, notice_id: UUID) -> NoticeLine:
    """The actor's own letter; somebody else's is as good as none."""
    query = _LINES.where(LapseNotice.id == notice_id, LapseNotice.employee_id == uow.actor.employee_id)
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return _line(*found)


def confirm(uow: UnitOfWork, notice_id: UUID) -> None:
    """The person says that they have read it; a second time changes nothing."""
    notice = access.one_or_refuse(
        uow,
        select(LapseNotice).where(
            LapseNotice.id == notice_id, LapseNotice.employee_id == uow.actor.employee_id
        ),
    )
    if notice.read_at is None:
        notice.read_at = uow.clock.now()
        audit.record(uow, audit.Action.LAPSE_NOTICE_READ, subject=notice)


def listed(uow: UnitOfWork) -> Notices:
    """The latest letters within reach, unread ones first."""
    within = access.employees_within(uow, Permission.YEAR_END_RUN, LapseNotice.employee_id)
    sent, read = uow.session.execute(
        select(func.count(), func.count(LapseNotice.read_at)).where(within)
    ).one()
    query = (
        _LINES.where(within)
        .order_by(LapseNotice.read_at.is_not(None), LapseNotice.usable_through.desc(), Employee.last_name)
        .limit(PAGE_SIZE)
    )
    return Notices([_line(*row) for row in uow.session.execute(query)], sent, read)


_LINES = (
    select(LapseNotice, AbsenceType, Employee.first_name, Employee.last_name)
    .join(AbsenceType, AbsenceType.id == LapseNotice.absence_type_id)
    .join(Employee, Employee.id == LapseNotice.employee_id)
)


def _line(notice: LapseNotice, kind: AbsenceType, first_name: str, last_name: str) -> NoticeLine:
    return NoticeLine(
        notice.id,
        notice.employee_id,
        f"{first_name} {last_name}",
        type_facts(kind),
        notice.usable_through,
        notice.amount,
        notice.sent_at,
        notice.reminders,
        notice.read_at,
    )


def _send(uow: UnitOfWork, employee: Employee, kind: AbsenceType, bucket: Bucket, amount: int) -> None:
    notice = LapseNotice(
        id=uuid4(),
        employee_id=employee.id,
        absence_type_id=kind.id,
        origin_year=bucket.origin_year,
        usable_through=bucket.usable_through,
        amount=amount,
        sent_at=uow.clock.now(),
        sent_by_id=uow.actor.employee_id,
        reminders=0,
    )
    uow.session.add(notice)
    _write(uow, notice, employee, kind)


def _write(uow: UnitOfWork, notice: LapseNotice, employee: Employee, kind: AbsenceType) -> None:
    language = employee.language
    outbox.queue_mail(
        uow,
        employee,
        LETTER,
        absence_type=in_language(language, "Vacation") if kind.key == VACATION else kind.name,
        amount=amount_text(notice.amount, kind, language),
        last_day=period(notice.usable_through, notice.usable_through, language),
        link=f"{uow.outside.url}/c/{uow.company.slug}/lapse-notices/{notice.id}",
    )
