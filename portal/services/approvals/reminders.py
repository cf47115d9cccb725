"""One letter to each person for whom requests wait, with all of them, and to those who stand in for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.delegations import Matter, StandIn
from portal.domain.reminders import AGAIN_AFTER, Wait, is_reminded
from portal.models.absence import Absence
from portal.models.employee import Employee
from portal.models.outbox_message import OutboxMessage
from portal.models.overtime_credit import OvertimeCredit
from portal.services import outbox, overtime_letters
from portal.services.absence_letters import period, type_name
from portal.services.approvals import deputising, waiting
from portal.services.approvals.subjects import Request
from portal.services.approvals.waiting import Asked, WaitingRequest

LETTER = "decisions_waiting"
#: Further on the page says it better.
MOST_LISTED = 20
#: Longer than any gap between two letters: an older letter changes nothing.
_LOOKED_BACK = AGAIN_AFTER + timedelta(days=7)


@dataclass(frozen=True)
class _Item:
    waiting: WaitingRequest
    asked: Asked


def remind(uow: UnitOfWork) -> int:
    """Writes to all whose time has come; says how many. What was sent is asked of the outbox, so twice is once."""
    piles = _piles(uow)
    if not piles:
        return 0
    told = _last_letters(uow)
    today = uow.today()
    due = [
        employee_id
        for employee_id, items in piles.items()
        if is_reminded([_wait(uow, item) for item in items], last_letter=told.get(employee_id), today=today)
    ]
    query = select(Employee).where(Employee.active, Employee.id.in_(due)).order_by(Employee.email)
    readers = uow.session.scalars(query).all() if due else ()
    for reader in readers:
        _write(uow, reader, piles[reader.id])
    return len(readers)


def _piles(uow: UnitOfWork) -> dict[UUID, list[_Item]]:
    """What waits for whom, as themselves or as a deputy; nobody's own, by no detour."""
    found = waiting.find(uow)
    hands = deputising.stand_ins(uow) if found else {}
    about = deputising.matters(uow, [(one.request, one.kind) for one in found]) if hands else {}
    piles: dict[UUID, list[_Item]] = {}
    for one in found:
        readers: dict[UUID, Asked] = {}
        for employee_id, asked in one.asked.items():
            for reader in (employee_id, *_deputies(hands.get(employee_id, ()), about, one)):
                before = readers.get(reader)
                if before is None or asked.since < before.since:
                    readers[reader] = asked
        for reader, asked in readers.items():
            piles.setdefault(reader, []).append(_Item(one, asked))
    return piles


def _deputies(
    stand_ins: list[StandIn] | tuple[()], about: dict[UUID, Matter], one: WaitingRequest
) -> list[UUID]:
    return [stand_in.deputy_id for stand_in in stand_ins if stand_in.covers(about[one.request.id])]


def _last_letters(uow: UnitOfWork) -> dict[UUID, date]:
    """On which day each person got one last; retention keeps letters for longer than is asked here."""
    query = (
        select(OutboxMessage.employee_id, func.max(OutboxMessage.created_at))
        .where(OutboxMessage.template == LETTER, OutboxMessage.created_at > uow.clock.now() - _LOOKED_BACK)
        .group_by(OutboxMessage.employee_id)
    )
    return {
        employee_id: _date(uow, at)
        for employee_id, at in uow.session.execute(query)
        if employee_id is not None
    }


def _wait(uow: UnitOfWork, item: _Item) -> Wait:
    return Wait(_date(uow, item.asked.since), item.waiting.due_on, item.asked.escalated)


def _date(uow: UnitOfWork, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(uow.company.time_zone)).date()


def _write(uow: UnitOfWork, reader: Employee, items: list[_Item]) -> None:
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


def _line(uow: UnitOfWork, item: _Item, language: str) -> dict[str, object]:
    row = item.waiting.request
    since = _date(uow, item.waiting.since)
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
    first, last = (row.start_date, row.end_date) if isinstance(row, Absence) else (row.worked_on,) * 2
    return period(first, last, language)
