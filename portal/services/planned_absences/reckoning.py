"""What plans would cost, were they asked for today. Nothing of it is reserved, and nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import null

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, CountingMethod
from portal.domain.periods import DayPart, overlap
from portal.domain.refusals import Refusal
from portal.models.planned_absence import PlannedAbsence
from portal.services.wish_facts import WishFacts
from portal.services.working_time import WorkingTime, on_other_dates, working_time_beside


def costs(
    uow: UnitOfWork, employee_id: UUID, plans: Sequence[tuple[PlannedAbsence, CountingMethod]]
) -> dict[UUID, Cost]:
    """By the contract and the holidays of today; as many statements for one plan as for many."""
    if not plans:
        return {}
    # The company's holidays come along with the contracts.
    stretch = _stretch(one for one, _counting in plans)
    time, _nothing = working_time_beside(uow, employee_id, *stretch, null())
    return {one.id: _cost(time, one.parts, counting) for one, counting in plans}


def beside(uow: UnitOfWork, facts: WishFacts, wish: Collection[DayPart]) -> dict[int, int]:
    """By year, what else the person plans of this type: all plans but those that the wish touches."""
    others = [
        one for one in facts.planned if not any(overlap(part, other) for part in one.parts for other in wish)
    ]
    if not others:
        return {}
    time = on_other_dates(uow, facts.person_id, facts.time, *_stretch(others))
    found: dict[int, int] = {}
    for one in others:
        for year, amount in _cost(time, one.parts, facts.kind.counting).by_year().items():
            found[year] = found.get(year, 0) + amount
    return found


def _stretch(plans: Iterable[PlannedAbsence]) -> tuple[date, date]:
    plans = list(plans)
    return min(one.start_date for one in plans), max(one.end_date for one in plans)


def _cost(time: WorkingTime, parts: Sequence[DayPart], counting: CountingMethod) -> Cost:
    try:
        return time.cost_of(parts, counting)
    except Refusal:  # nothing is worked then any more
        return Cost(())
