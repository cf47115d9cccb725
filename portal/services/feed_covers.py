"""What somebody covers for, in their own calendar feed: on which days, and for whom. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select

from portal.db import UnitOfWork
from portal.domain.absences import CLOSED, AbsenceStatus
from portal.domain.feeds import KEPT, FeedContent, FeedScope, LocalPart, stretches, window
from portal.domain.periods import DayPart
from portal.domain.substitutes import SubstituteAnswer
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.employee import Employee
from portal.services.feed_entries import Entry, State, Subject


def entries(uow: UnitOfWork, content: FeedContent) -> list[Entry]:
    """Beside one's own absences; busy times have none, for covering keeps nobody from anything. One statement."""
    if content.scope is not FeedScope.OWN or not content.absences or content.busy_only:
        return []
    rows = uow.session.execute(_rows(uow))
    return [
        entry for _id, parts in groupby(rows, key=lambda row: row.substitute_id) for entry in _of(list(parts))
    ]


def _of(parts: list[Any]) -> Iterator[Entry]:
    row = parts[0]
    answered = row.answered_at
    # Answers change no version of the absence; seconds, so that the number grows with each of them, too.
    turns = 0 if answered is None else int((answered - row.created_at).total_seconds()) + 1
    for stretch in stretches(LocalPart(DayPart(one.date)) for one in parts):
        yield Entry(
            key=f"cover-{row.substitute_id}-{stretch.first_day:%Y%m%d}",  # type: ignore[union-attr]
            sequence=row.version - 1 + turns,
            changed_at=max(one for one in (row.requested_at, row.decided_at, answered) if one is not None),
            subject=Subject.COVER,
            state=_state(row),
            stretch=stretch,
            name=f"{row.first_name} {row.last_name}",
        )


def _state(row: Any) -> State:
    if row.status in CLOSED or row.answer is SubstituteAnswer.CANNOT:
        return State.CANCELLED
    return State.CERTAIN if row.status is AbsenceStatus.APPROVED else State.REQUESTED


def _rows(uow: UnitOfWork) -> Any:
    """What holds, and for a while what was given up or said no to, so that programs notice."""
    dates, since = window(uow.today()), uow.clock.now() - KEPT
    given_up = and_(Absence.status.in_(CLOSED), Absence.decided_at > since)
    said_no = AbsenceSubstitute.answer == SubstituteAnswer.CANNOT
    holds = and_(AbsencePart.live, or_(~said_no, AbsenceSubstitute.answered_at > since))
    return (
        select(
            AbsenceSubstitute.id.label("substitute_id"),
            *(AbsenceSubstitute.answer, AbsenceSubstitute.answered_at, AbsenceSubstitute.created_at),
            *(Absence.status, Absence.version, Absence.requested_at, Absence.decided_at),
            *(AbsencePart.date, Employee.first_name, Employee.last_name),
        )
        .select_from(AbsenceSubstitute)
        .join(Absence, Absence.id == AbsenceSubstitute.absence_id)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            AbsenceSubstitute.employee_id == uow.actor.employee_id,
            AbsencePart.date.between(dates.first_day, dates.last_day),
            or_(holds, given_up),
        )
        .distinct()
        .order_by(AbsenceSubstitute.id, AbsencePart.date)
    )
