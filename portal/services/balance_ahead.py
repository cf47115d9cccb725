"""What a plan will have given by a day to come: requests are judged by the balance that will be there on their days.

Worked out by the rules that will post it: services/accruals.py, and domain/carried_ahead.py for what a year end will
carry over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.carried_ahead import carried_ahead
from portal.domain.entitlement_plans import Plan
from portal.domain.ledger import DatedAmount, Entry
from portal.models.absence_type import AbsenceType
from portal.services import accruals, entitlement_plans

LOOK_AHEAD = timedelta(days=2 * 366)


def expected(
    uow: UnitOfWork,
    employee_ids: Sequence[UUID],
    kind: AbsenceType,
    through: date,
) -> dict[UUID, list[Entry]]:
    """By person, the entries that are not posted yet and will be by then; none where the type forbids to use them.

    As many statements for many people as for one, and none for days that are over.
    """
    today = uow.today()
    if not kind.uses_future_accrual or through <= today:
        return {}
    planned = entitlement_plans.plans(uow, kind.id)
    if not planned:
        return {}
    found: dict[UUID, list[Entry]] = {}
    last = min(through, today + LOOK_AHEAD)
    for employee_id, _type_id, due in accruals.due_by(uow, sorted(employee_ids), planned, last):
        found.setdefault(employee_id, []).append(due.entry)
    return found


def carried(
    uow: UnitOfWork,
    kind: AbsenceType,
    entries: Sequence[Entry],
    charges: Sequence[DatedAmount],
    through: date,
) -> list[Entry]:
    """What years to come will begin with for the person of these entries; none where the type forbids to use it."""
    today, plans = uow.today(), settling(uow, kind, through)
    if not plans:
        return []
    return carried_ahead(plans, entries, charges, today=today, through=min(through, today + LOOK_AHEAD))


def settling(uow: UnitOfWork, kind: AbsenceType, through: date) -> list[Plan]:
    """The plans by which years to come are settled; none where the type forbids to use what they carry over."""
    if not kind.uses_future_accrual or through <= uow.today():
        return []
    return [plan for _, plan in entitlement_plans.plans(uow, kind.id).get(kind.id, {}).values()]


def last_day(
    charges: Iterable[DatedAmount], waiting: Iterable[DatedAmount], entries: Iterable[Entry]
) -> date:
    """The last day that anything is taken on: what was taken for later days is paid by what is earned until then."""
    days = [day for day, _ in (*charges, *waiting)]
    return max([*days, *(one.effective_date for one in entries)], default=date.min)
