"""A request closes the plans of its owner that it takes up wholly, whichever form it was sent by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, bounds
from portal.domain.planned_absences import PlannedStatus, is_within
from portal.models.absence import Absence
from portal.models.planned_absence import PlannedAbsence
from portal.services import audit


def settle(uow: UnitOfWork, absence: Absence, parts: Sequence[DayPart]) -> None:
    """Plans of any type: whoever asks for unpaid leave on days planned as vacation has decided about those days."""
    first, last = bounds(parts)
    query = select(PlannedAbsence).where(
        PlannedAbsence.employee_id == absence.employee_id,
        PlannedAbsence.status == PlannedStatus.PLANNED,
        PlannedAbsence.start_date >= first,
        PlannedAbsence.end_date <= last,
    )
    for row in uow.session.scalars(query).all():
        if is_within(row.parts, parts):
            row.status, row.closed_at, row.absence_id = PlannedStatus.ASKED, uow.clock.now(), absence.id
            row.version += 1
            audit.record(uow, audit.Action.PLANNED_ABSENCE_ASKED, subject=row)
