"""What erasing one person would do: table by table, at once or on which day, on what ground it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.data_map import Basis, Retention, Rows
from portal.domain.erasures import AT_ONCE
from portal.domain.refusals import Reason, Refusal
from portal.domain.retention import claims_end
from portal.models.employee import Employee, Employment
from portal.services import data_map, person_data
from portal.services.data_map.cards import Card

#: The log goes first: what it says of a person is found by their address and name, while they are still there.
_FIRST = "event"


@dataclass(frozen=True)
class PlannedPart:
    """One table at one time. `fields` is empty where whole rows are deleted."""

    table: str
    waits_for: str
    due_on: date
    fields: tuple[str, ...]
    rows: int
    basis: Basis

    @property
    def name(self) -> str:
        return f"{self.table}:{self.waits_for}"


@dataclass(frozen=True)
class Plan:
    """What goes at once, what goes later and why, and what stays without a name."""

    at_once: list[PlannedPart]
    later: list[PlannedPart]
    #: Tables whose rows stay under a pseudonym, with how many there are.
    stays: list[tuple[str, int]]

    @property
    def parts(self) -> list[PlannedPart]:
        return [*self.at_once, *self.later]


def make(uow: UnitOfWork, employee: Employee) -> Plan:
    """The plan as of today; refused while the person works here."""
    last_day = _last_day(uow, employee)
    counts = person_data.counts(uow, employee.id)
    parts = [part for card in in_order() for part in _parts(card, counts[card.table], last_day, uow.today())]
    return Plan(
        at_once=[one for one in parts if one.due_on <= uow.today()],
        later=[one for one in parts if one.due_on > uow.today()],
        stays=[
            (card.table, counts[card.table])
            for card in data_map.cards()
            if card.of_people and card.rows is Rows.PSEUDONYMOUS and counts[card.table]
        ],
    )


def in_order() -> list[Card]:
    """The tables of people in the order in which they can be erased: what refers to others before them."""
    cards = [one for one in reversed(data_map.cards()) if one.of_people]
    return sorted(cards, key=lambda one: one.table != _FIRST)


def fields_of(card: Card, waits_for: str) -> tuple[str, ...]:
    """The columns of the table that are emptied at that time."""
    return tuple(
        one.name
        for one in card.fields.values()
        if one.erase is not None and (one.until.value if one.until else AT_ONCE) == waits_for
    )


def _parts(card: Card, rows: int, last_day: date, today: date) -> Iterator[PlannedPart]:
    if card.rows is Rows.DELETED:
        yield PlannedPart(card.table, AT_ONCE, today, (), rows, card.basis)
        return
    waiting = {one.until for one in card.fields.values() if one.until is not None}
    for waits_for in (AT_ONCE, *sorted(waiting)):
        fields = fields_of(card, waits_for)
        if fields:
            yield PlannedPart(
                card.table, waits_for, _due(waits_for, last_day, today), fields, rows, card.basis
            )


def _due(waits_for: str, last_day: date, today: date) -> date:
    if waits_for != Retention.CLAIMS:
        return today
    return max(claims_end(last_day) + timedelta(days=1), today)


def _last_day(uow: UnitOfWork, employee: Employee) -> date:
    """The last day of work here; refused when there is still one to come."""
    open_ended, latest = uow.session.execute(
        select(func.count().filter(Employment.end_date.is_(None)), func.max(Employment.end_date)).where(
            Employment.employee_id == employee.id
        )
    ).one()
    if employee.active or open_ended or (latest is not None and latest > uow.today()):
        raise Refusal(Reason.ERASURE_STILL_EMPLOYED)
    found: date | None = latest
    return found or uow.today()
