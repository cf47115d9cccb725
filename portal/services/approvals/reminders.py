"""One letter to each person for whom requests wait, with all of them, and to those who stand in for them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.reminders import AGAIN_AFTER, is_reminded
from portal.models.absence import Absence
from portal.models.employee import Employee
from portal.models.outbox_message import OutboxMessage
from portal.models.overtime_credit import OvertimeCredit
from portal.services import outbox, overtime_letters
from portal.services.absence_letters import period, type_name
from portal.services.approvals import piles as piling
from portal.services.approvals import waiting
from portal.services.approvals.piles import Item
from portal.services.approvals.subjects import Request

LETTER = "decisions_waiting"
#: Further on the page says it better.
MOST_LISTED = 20
#: Longer than any gap between two letters: an older letter changes nothing.
_LOOKED_BACK = AGAIN_AFTER + timedelta(days=7)


def remind(uow: UnitOfWork) -> int:
    """Writes to all whose time has come; says how many. What was sent is asked of the outbox, so twice is once."""
    waits = piling.piles(uow)
    if not waits:
        return 0
    told = _last_letters(uow)
    today = uow.today()
    due = [
        employee_id
        for employee_id, items in waits.items()
        if is_reminded(
            [piling.wait_of(uow, item) for item in items], last_letter=told.get(employee_id), today=today
        )
    ]
    query = select(Employee).where(Employee.active, Employee.id.in_(due)).order_by(Employee.email)
    readers = uow.session.scalars(query).all() if due else ()
    for reader in readers:
        _write(uow, reader, waits[reader.id])
    return len(readers)


def _last_letters(uow: UnitOfWork) -> dict[UUID, date]:
    """On which day each person got one last; retention keeps letters for longer than is asked here."""
    query = (
        select(OutboxMessage.employee_id, func.max(OutboxMessage.created_at))
        .where(OutboxMessage.template == LETTER, OutboxMessage.created_at > uow.clock.now() - _LOOKED_BACK)
        .group_by(OutboxMessage.employee_id)
    )
    return {
        employee_id: piling.local_date(uow, at)
        for employee_id, at in uow.session.execute(query)
        if employee_id is not None
    }


def _write(uow: UnitOfWork, reader: Employee, items: list[Item]) -> None:
    language = reader.language
    outbox.queue_mail(
        uow,
        reader,
        LETTER,
        requests=[_line(uow, item, language) for item in items[:MOST_LISTED]],
        count=len(items),
        mixed=any(one.waiting.matter is not waiting.Matter.TIME_OFF for one in items),
        more=max(len(items) - MOST_LISTED, 0),
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences/approvals",
    )


def _line(uow: UnitOfWork, item: Item, language: str) -> dict[str, object]:
    row = item.waiting.request
    since = piling.local_date(uow, item.waiting.since)
    return {
        "employee_name": item.waiting.owner.name,
        "absence_type": type_name(item.waiting.kind, language),
        "matter": item.waiting.matter.value,
        "period": _when(row, language),
        "amount": overtime_letters.amount(row) if isinstance(row, OvertimeCredit) else "",
        "since": period(since, since, language),
        "escalated": item.asked.escalated,
    }


def _when(row: Request, language: str) -> str:
    if isinstance(row, Absence):
        return period(row.start_date, row.end_date, language)
    return overtime_letters.when(row, language)
