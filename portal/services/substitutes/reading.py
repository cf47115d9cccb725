"""Who covers, as pages show it beside an absence; and who of those that a wish names is away themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, Part, overlap
from portal.domain.permissions import Permission
from portal.domain.substitutes import SubstituteAnswer
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.employee import Employee
from portal.services import access

# Made once: building aliases costs more than running many a query.
_WHO = aliased(Employee)
_TAKEN, _THEIRS = aliased(AbsencePart), aliased(AbsencePart)


@dataclass(frozen=True)
class ShownSubstitute:
    """One who was named, and what the reader may know of them."""

    id: UUID
    name: str
    answer: SubstituteAnswer
    #: They are, or want to be, away on one of the days; told only to whom their calendar is open.
    away: bool


def away_too(by: UUID | None = None) -> ColumnElement[bool]:
    """The condition that the joined AbsenceSubstitute has time off at the same time: any, or that one absence."""
    return exists().where(
        true() if by is None else _THEIRS.absence_id == by,
        _TAKEN.absence_id == AbsenceSubstitute.absence_id,
        _TAKEN.live,
        _THEIRS.employee_id == AbsenceSubstitute.employee_id,
        _THEIRS.date == _TAKEN.date,
        _THEIRS.live,
        _THEIRS.during.overlaps(_TAKEN.during),
    )


def column(uow: UnitOfWork) -> ColumnElement[Any]:
    """Who covers for the absence that the statement is about, by name; `read` makes a list of it."""
    open_calendar = access.employees_within(uow, Permission.CALENDAR_VIEW, AbsenceSubstitute.employee_id)
    name = _WHO.first_name + " " + _WHO.last_name
    values = func.json_build_array(
        AbsenceSubstitute.id, name, AbsenceSubstitute.answer, and_(open_calendar, away_too())
    )
    return (
        select(func.json_agg(aggregate_order_by(values, _WHO.last_name, _WHO.first_name)))
        .select_from(AbsenceSubstitute)
        .join(_WHO, _WHO.id == AbsenceSubstitute.employee_id)
        .where(AbsenceSubstitute.absence_id == Absence.id)
        .correlate(Absence)
        .scalar_subquery()
        .label("substitutes")
    )


def read(found: Iterable[list[Any]] | None) -> list[ShownSubstitute]:
    return [
        ShownSubstitute(UUID(one), name, SubstituteAnswer(said), bool(away))
        for one, name, said, away in found or ()
    ]


def names_of_covers() -> ColumnElement[str | None]:
    """A column beside Absence: who covers for it, as Pia Novak, Otto Kern.

    Asked of each absence for itself by a unique index: joined as groups, the database works all of them out for every
    row while it does not know yet how many there are, as after an import.
    """
    name = _WHO.first_name + " " + _WHO.last_name
    names = func.string_agg(name, aggregate_order_by(literal(", "), _WHO.last_name, _WHO.first_name))
    return (
        select(names)
        .select_from(AbsenceSubstitute)
        .join(_WHO, _WHO.id == AbsenceSubstitute.employee_id)
        .where(
            AbsenceSubstitute.absence_id == Absence.id, AbsenceSubstitute.answer != SubstituteAnswer.CANNOT
        )
        .correlate(Absence)
        .scalar_subquery()
    )


def named_away(uow: UnitOfWork, emails: Sequence[str], first: date, last: date) -> ColumnElement[Any]:
    """A column: when those whom a wish names are away within it, where their calendar is open to the actor.

    `read_named_away` makes days of it.
    """
    wanted = [one.strip().lower() for one in emails]
    if not wanted:
        return null()
    part = AbsencePart
    found = (
        select(
            Employee.first_name,
            Employee.last_name,
            part.date,
            part.part,
            part.starts_minute,
            part.ends_minute,
        )
        .join(part, part.employee_id == Employee.id)
        .where(
            Employee.email.in_(wanted),
            Employee.active,
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
            part.live,
            part.date.between(first, last),
        )
        .order_by(Employee.last_name, part.date)
        .subquery()
    )
    return select(func.json_agg(func.json_build_array(*found.c))).scalar_subquery()


def read_named_away(found: Iterable[Sequence[Any]] | None, parts: Sequence[DayPart]) -> dict[str, list[date]]:
    """Of those whom a wish names: on which of its days they are away, by name."""
    away: dict[str, list[date]] = {}
    for first_name, last_name, day, part, starts, ends in found or ():
        held = DayPart(date.fromisoformat(day), Part(part), starts, ends)
        if any(overlap(one, held) for one in parts):
            days = away.setdefault(f"{first_name} {last_name}", [])
            if held.date not in days:
                days.append(held.date)
    return away
