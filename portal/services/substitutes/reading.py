"""Who covers, as pages show it beside an absence; and who of those that a wish names is away themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, exists, func, literal, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, bounds, overlap
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


def names_by_absence(
    uow: UnitOfWork, employee_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, str]:
    """Who covers for the absences of these people in a stretch: Pia Novak, Otto Kern. One statement for all."""
    name = _WHO.first_name + " " + _WHO.last_name
    names = func.string_agg(name, aggregate_order_by(literal(", "), _WHO.last_name, _WHO.first_name))
    query = (
        select(AbsenceSubstitute.absence_id, names)
        .join(Absence, Absence.id == AbsenceSubstitute.absence_id)
        .join(_WHO, _WHO.id == AbsenceSubstitute.employee_id)
        .where(
            Absence.employee_id == any_(literal(list(employee_ids), ARRAY(Uuid))),
            Absence.start_date <= last,
            Absence.end_date >= first,
            AbsenceSubstitute.answer != SubstituteAnswer.CANNOT,
        )
        .group_by(AbsenceSubstitute.absence_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}


def away_of_named(uow: UnitOfWork, emails: Sequence[str], parts: Sequence[DayPart]) -> dict[str, list[date]]:
    """Of those whom a wish names: on which of its days they are away, by name, where their calendar is open."""
    wanted = [one.strip().lower() for one in emails]
    if not wanted or not parts:
        return {}
    first, last = bounds(list(parts))
    query = (
        select(Employee.first_name, Employee.last_name, AbsencePart)
        .join(AbsencePart, AbsencePart.employee_id == Employee.id)
        .where(
            Employee.email.in_(wanted),
            Employee.active,
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
            AbsencePart.live,
            AbsencePart.date.between(first, last),
        )
        .order_by(Employee.last_name, AbsencePart.date)
    )
    found: dict[str, list[date]] = {}
    for first_name, last_name, row in uow.session.execute(query):
        held = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
        if any(overlap(one, held) for one in parts):
            days = found.setdefault(f"{first_name} {last_name}", [])
            if row.date not in days:
                days.append(row.date)
    return found
