"""An SMS to whoever has not decided after a letter, before more people are asked; where the company wants it.

It names nobody and no kind of time off, and carries no link: a telephone lies on tables, and links in messages are
what fraud looks like. It goes to numbers alone that their owners have proven to be theirs.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Refusal
from portal.domain.reminders import ESCALATED_AFTER, is_texted, may_text_at
from portal.integrations import phone_numbers
from portal.models.absence import Absence
from portal.models.company import Company
from portal.models.employee import Employee
from portal.models.identity import PhoneFactor
from portal.models.outbox_message import OutboxMessage
from portal.services import audit, code_stops, outbox, second_factors
from portal.services.approvals import piles as piling
from portal.services.approvals.piles import Item
from portal.services.approvals.reminders import LETTER

TEXT = "decisions_wait"
#: Nobody is sent an SMS about what has waited for longer: more people have been asked by then.
_LOOKED_BACK = ESCALATED_AFTER + timedelta(days=2)


def text(uow: UnitOfWork) -> int:
    """Sends those that are due at this hour; says how many. What was sent is asked of the outbox, so twice is once."""
    company = uow.session.scalars(
        select(Company).where(Company.id == uow.company.id, Company.approval_texts).with_for_update()
    ).one_or_none()
    if company is None or code_stops.stopped_until(uow) is not None:
        return 0
    waits = piling.piles(uow)
    due = _who_are_due(uow, waits) if waits else []
    left = company.approval_texts_a_day - _sent_today(uow) if due else 0
    sent = 0
    for reader, factor in _reachable(uow, due):
        if sent >= left:
            break
        if _in_hours(uow, reader, company) and _send(uow, reader, factor, len(waits[reader.id])):
            sent += 1
    return sent


def _who_are_due(uow: UnitOfWork, waits: dict[UUID, list[Item]]) -> list[UUID]:
    """Whoever has waited longest comes first."""
    letters, texts = _sent(uow, LETTER), _sent(uow, TEXT)
    due = [
        employee_id
        for employee_id, items in waits.items()
        if is_texted(
            [piling.wait_of(uow, item) for item in items if not item.waiting.escalated],
            letters=letters.get(employee_id, ()),
            last_text=max(texts.get(employee_id, ()), default=None),
            today=uow.today(),
        )
    ]
    return sorted(due, key=lambda one: (min(item.asked.since for item in waits[one]), one))


def _sent(uow: UnitOfWork, template: str) -> dict[UUID, set[date]]:
    """On which days each person got it lately."""
    query = select(OutboxMessage.employee_id, OutboxMessage.created_at).where(
        OutboxMessage.template == template, OutboxMessage.created_at > uow.clock.now() - _LOOKED_BACK
    )
    found: dict[UUID, set[date]] = {}
    for employee_id, at in uow.session.execute(query):
        if employee_id is not None:
            found.setdefault(employee_id, set()).add(piling.local_date(uow, at))
    return found


def _sent_today(uow: UnitOfWork) -> int:
    midnight = datetime.combine(uow.today(), time(), ZoneInfo(uow.company.time_zone))
    query = select(func.count()).select_from(OutboxMessage)
    return (
        uow.session.scalar(query.where(OutboxMessage.template == TEXT, OutboxMessage.created_at >= midnight))
        or 0
    )


def _reachable(uow: UnitOfWork, due: list[UUID]) -> list[tuple[Employee, PhoneFactor]]:
    """Those with a proven number who are not on approved time off; their deputies have piles of their own."""
    if not due:
        return []
    today = uow.today()
    away = exists().where(
        Absence.employee_id == Employee.id,
        Absence.status == AbsenceStatus.APPROVED,
        Absence.start_date <= today,
        Absence.end_date >= today,
    )
    query = (
        select(Employee, PhoneFactor)
        .join(PhoneFactor, PhoneFactor.employee_id == Employee.id)
        .where(
            Employee.id.in_(due),
            Employee.active,
            PhoneFactor.confirmed_at.is_not(None),
            PhoneFactor.disabled_at.is_(None),
            ~away,
        )
    )
    place = {employee_id: number for number, employee_id in enumerate(due)}
    found = [(reader, factor) for reader, factor in uow.session.execute(query)]
    return sorted(found, key=lambda row: place[row[0].id])


def _in_hours(uow: UnitOfWork, reader: Employee, company: Company) -> bool:
    local = uow.clock.now().astimezone(ZoneInfo(reader.time_zone or uow.company.time_zone))
    return may_text_at(local, first_hour=company.approval_texts_from, end_hour=company.approval_texts_until)


def _send(uow: UnitOfWork, reader: Employee, factor: PhoneFactor, count: int) -> bool:
    """False: to this country nothing is sent any more."""
    try:
        number = phone_numbers.normalise(
            second_factors.number_of(uow, factor),
            uow.company.country,
            allowed_regions=uow.outside.sms_regions,
        )
    except Refusal:
        return False
    outbox.queue_sms(uow, reader, TEXT, to=number, count=count)
    audit.record(uow, audit.Action.APPROVAL_TEXTS_SENT, subject=reader, requests=count)
    return True
