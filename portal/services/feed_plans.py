"""One's own planned days in one's own calendar feed: tentative, as whole days that block nothing.

Nobody else's plans are in any feed, also not those that a colleague's calendar page shows. Nothing here writes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from portal.db import UnitOfWork
from portal.domain.feeds import KEPT, Days, FeedContent, FeedScope, window
from portal.domain.planned_absences import PlannedStatus
from portal.models.absence_type import AbsenceType
from portal.models.planned_absence import PlannedAbsence
from portal.services.balances import type_facts
from portal.services.feed_entries import Entry, State, Subject


def entries(uow: UnitOfWork, content: FeedContent) -> list[Entry]:
    """Beside one's own absences; of busy times they are no part, as nothing is settled. One statement."""
    if content.scope is not FeedScope.OWN or not content.absences or content.busy_only:
        return []
    return [_entry(row, kind) for row, kind in uow.session.execute(_rows(uow))]


def _entry(row: PlannedAbsence, kind: AbsenceType) -> Entry:
    return Entry(
        key=f"plan-{row.id}",
        sequence=row.version - 1 + (row.closed_at is not None),
        changed_at=row.closed_at or row.planned_at,
        subject=Subject.PLAN,
        state=State.REQUESTED if row.status is PlannedStatus.PLANNED else State.CANCELLED,
        stretch=Days(row.start_date, row.end_date),
        kind=type_facts(kind),
    )


def _rows(uow: UnitOfWork) -> Any:
    """What stands, and for a while what was taken back, refused or became a request, so that programs notice."""
    dates = window(uow.today())
    lately = and_(PlannedAbsence.closed_at.is_not(None), PlannedAbsence.closed_at > uow.clock.now() - KEPT)
    return (
        select(PlannedAbsence, AbsenceType)
        .join(AbsenceType, AbsenceType.id == PlannedAbsence.absence_type_id)
        .where(
            PlannedAbsence.employee_id == uow.actor.employee_id,
            PlannedAbsence.start_date <= dates.last_day,
            PlannedAbsence.end_date >= dates.first_day,
            or_(PlannedAbsence.status == PlannedStatus.PLANNED, lately),
        )
        .order_by(PlannedAbsence.id)
    )
