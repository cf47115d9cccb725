"""What somebody who was named says to it, and the absences they cover for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteAnswer
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.employee import Employee
from portal.services import access, audit
from portal.services.substitutes import letters, reading

#: So many are shown; who covers for more people than that at once has other worries.
_MOST = 100


@dataclass(frozen=True)
class Covering:
    """An absence that the actor was named for."""

    id: UUID
    name: str
    start_date: date
    end_date: date
    approved: bool
    answer: SubstituteAnswer
    note: str
    #: The actor is away themselves on one of the days.
    away: bool


@dataclass(frozen=True)
class NextCover:
    """The home page's word of it."""

    name: str
    start_date: date
    end_date: date
    answer: SubstituteAnswer


def list_covering(uow: UnitOfWork) -> list[Covering]:
    """What the actor covers for from today on, the next first; one statement."""
    query = (
        _mine(uow)
        .add_columns(
            AbsenceSubstitute.id,
            Employee.first_name + " " + Employee.last_name,
            Absence.start_date,
            Absence.end_date,
            Absence.status == AbsenceStatus.APPROVED,
            AbsenceSubstitute.answer,
            func.coalesce(Absence.cover_note, ""),
            reading.away_too(),
        )
        .order_by(Absence.start_date, Absence.id)
        .limit(_MOST)
    )
    return [Covering(*row) for row in uow.session.execute(query)]


def answer(uow: UnitOfWork, substitute_id: UUID, said: SubstituteAnswer) -> None:
    """Their own word, and they may think again. It decides nothing; whose absence it is, is told."""
    if said is SubstituteAnswer.OPEN:
        raise Refusal(Reason.MISSING, field="answer")
    query = _mine(uow).with_only_columns(AbsenceSubstitute).where(AbsenceSubstitute.id == substitute_id)
    row = access.one_or_refuse(uow, query.with_for_update(of=AbsenceSubstitute, key_share=True))
    if row.answer is said:
        return
    row.answer, row.answered_at = said, uow.clock.now()
    absence = uow.session.scalars(select(Absence).where(Absence.id == row.absence_id)).one()
    me = uow.session.scalars(select(Employee).where(Employee.id == row.employee_id)).one()
    audit.record(
        uow,
        audit.Action.ABSENCE_SUBSTITUTE_ANSWERED,
        subject=absence,
        substitute=str(me.id),
        covers=said is SubstituteAnswer.CAN,
    )
    letters.tell_owner_of_answer(uow, absence, me, said)


def covers_by_day(uow: UnitOfWork, first: date, last: date) -> list[tuple[date, str]]:
    """On which days of a stretch the actor covers for whom; not what they have said no to."""
    query = (
        select(AbsencePart.date, Employee.first_name + " " + Employee.last_name)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceSubstitute, AbsenceSubstitute.absence_id == Absence.id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            AbsenceSubstitute.employee_id == uow.actor.employee_id,
            AbsenceSubstitute.answer != SubstituteAnswer.CANNOT,
            AbsencePart.live,
            AbsencePart.date.between(first, last),
        )
        .distinct()
        .order_by(AbsencePart.date)
    )
    return [(day, name) for day, name in uow.session.execute(query)]


def ahead(uow: UnitOfWork) -> ColumnElement[Any]:
    """A column: what the actor covers for from today on. `read_ahead` makes a list of it."""
    rows = (
        _mine(uow)
        .add_columns(
            (Employee.first_name + " " + Employee.last_name).label("name"),
            Absence.start_date,
            Absence.end_date,
            AbsenceSubstitute.answer,
        )
        .order_by(Absence.start_date)
        .limit(_MOST)
        .subquery()
    )
    values = func.json_build_array(rows.c.name, rows.c.start_date, rows.c.end_date, rows.c.answer)
    return select(func.json_agg(aggregate_order_by(values, rows.c.start_date))).scalar_subquery()


def read_ahead(found: list[list[str]] | None) -> list[NextCover]:
    return [
        NextCover(name, date.fromisoformat(start), date.fromisoformat(end), SubstituteAnswer(said))
        for name, start, end, said in found or ()
    ]


def _mine(uow: UnitOfWork) -> Select[Any]:
    """Only what stands and is not over: the rest is nobody's business any more."""
    return (
        select()
        .select_from(AbsenceSubstitute)
        .join(Absence, Absence.id == AbsenceSubstitute.absence_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            AbsenceSubstitute.employee_id == uow.actor.employee_id,
            Absence.status.in_(ACTIVE),
            Absence.end_date >= uow.today(),
        )
    )
