"""What plans would cost, were they asked for today. Nothing of it is reserved, and nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, CountingMethod, cost_of
from portal.domain.periods import DayPart, expand, overlap
from portal.domain.planned_absences import PlannedStatus
from portal.domain.refusals import Refusal
from portal.models.absence_type import AbsenceType
from portal.models.planned_absence import PlannedAbsence
from portal.services.working_time import WorkingTime, working_time


def costs(
    uow: UnitOfWork, employee_id: UUID, plans: Sequence[tuple[PlannedAbsence, CountingMethod]]
) -> dict[UUID, Cost]:
    """By the contract and the holidays of today; as many statements for one plan as for many."""
    if not plans:
        return {}
    first = min(one.start_date for one, _counting in plans)
    last = max(one.end_date for one, _counting in plans)
    time = working_time(uow, employee_id, first, last)
    return {one.id: _cost(time, _parts(one), counting) for one, counting in plans}


def beside(uow: UnitOfWork, employee_id: UUID, kind: AbsenceType, wish: Iterable[DayPart]) -> dict[int, int]:
    """By year, what else the person plans of this type: all plans but those that the wish touches."""
    query = select(PlannedAbsence).where(
        PlannedAbsence.employee_id == employee_id,
        PlannedAbsence.absence_type_id == kind.id,
        PlannedAbsence.status == PlannedStatus.PLANNED,
        PlannedAbsence.end_date >= uow.today(),
    )
    asked = list(wish)
    others = [
        one
        for one in uow.session.scalars(query)
        if not any(overlap(part, other) for part in _parts(one) for other in asked)
    ]
    found: dict[int, int] = {}
    for cost in costs(uow, employee_id, [(one, kind.counting) for one in others]).values():
        for year, amount in cost.by_year().items():
            found[year] = found.get(year, 0) + amount
    return found


def _parts(one: PlannedAbsence) -> list[DayPart]:
    return expand(one.start_date, one.end_date, first_part=one.first_part, last_part=one.last_part)


def _cost(time: WorkingTime, parts: Sequence[DayPart], counting: CountingMethod) -> Cost:
    try:
        return cost_of(parts, scheduled=time.scheduled, holidays=time.free, method=counting)
    except Refusal:  # nothing is worked then any more
        return Cost(())
