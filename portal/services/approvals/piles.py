"""All that waits for one person, as themselves or as a deputy: what reminders by mail and by SMS are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.db import UnitOfWork
from portal.domain.delegations import Matter, StandIn
from portal.domain.reminders import Wait
from portal.services.approvals import deputising, waiting
from portal.services.approvals.waiting import Asked, WaitingRequest


@dataclass(frozen=True)
class Item:
    """A request that waits, and since when for this person."""

    waiting: WaitingRequest
    asked: Asked


def piles(uow: UnitOfWork) -> dict[UUID, list[Item]]:
    """What waits for whom; nobody's own, by no detour."""
    found = waiting.find(uow)
    hands = deputising.stand_ins(uow) if found else {}
    about = deputising.matters(uow, [(one.request, one.kind) for one in found]) if hands else {}
    piled: dict[UUID, list[Item]] = {}
    for one in found:
        readers: dict[UUID, Asked] = {}
        for employee_id, asked in one.asked.items():
            for reader in (employee_id, *_deputies(hands.get(employee_id, ()), about, one)):
                before = readers.get(reader)
                if before is None or asked.since < before.since:
                    readers[reader] = asked
        for reader, asked in readers.items():
            piled.setdefault(reader, []).append(Item(one, asked))
    return piled


def _deputies(
    stand_ins: list[StandIn] | tuple[()], about: dict[UUID, Matter], one: WaitingRequest
) -> list[UUID]:
    return [stand_in.deputy_id for stand_in in stand_ins if stand_in.covers(about[one.request.id])]


def wait_of(uow: UnitOfWork, item: Item) -> Wait:
    """How long this person has been asked, in days of the company."""
    return Wait(local_date(uow, item.asked.since), item.waiting.due_on, item.asked.escalated)


def local_date(uow: UnitOfWork, moment: datetime) -> date:
    """The company's date at that moment."""
    return moment.astimezone(ZoneInfo(uow.company.time_zone)).date()
