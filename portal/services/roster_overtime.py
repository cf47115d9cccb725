"""What published rosters planned beyond the contract is proposed as overtime, once the month is over.

For the last two months, as the difference to what of them was already decided; who decides is asked as about any other
overtime. A plan that is short of the contract takes nothing from anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.domain.overtime import OvertimeRules, OvertimeStatus, OvertimeStep
from portal.domain.roster_hours import RosterHours, finished
from portal.models.absence_type import AbsenceType
from portal.models.overtime_credit import OvertimeCredit
from portal.services import audit, overtime
from portal.services.approvals import routes
from portal.services.ledger_locks import lock
from portal.services.roster_hours import PersonMonth, hours_in, people_by_roster, settled, taking_in


@dataclass(frozen=True)
class _Difference:
    """What is proposed of somebody's month, and what should be."""

    of: PersonMonth
    hours: RosterHours | None
    minutes: int
    open: OvertimeCredit | None


def propose_months(uow: UnitOfWork) -> int:
    """How many proposals it made, changed or dropped. A second run finds nothing to do."""
    return _bring_up_to_date(uow, None)


def follow_roster(uow: UnitOfWork, ids: Sequence[UUID], month: Month) -> int:
    """After a roster of a month that is over was published once more: for these people at once."""
    return _bring_up_to_date(uow, ids) if ids and month in finished(uow.today()) else 0


def _bring_up_to_date(uow: UnitOfWork, ids: Collection[UUID] | None) -> int:
    if uow.actor.support is not None:
        return 0  # their database role may not read hours; the next night makes up for it
    kind = taking_in(uow)
    months = _months(uow, kind)
    found = _differences(uow, kind, months, ids)
    if not found:
        return 0
    people = sorted({one.of.employee_id for one in found})
    lock(uow, people)
    # Asked again now that nobody else can decide.
    found = _differences(uow, kind, months, people)
    for one in found:
        _settle(uow, kind, one)
    return len(found)


def _months(uow: UnitOfWork, kind: AbsenceType | None) -> list[Month]:
    """Those that are over and whose hours can still be used."""
    rules = OvertimeRules.of(kind.overtime_months, kind.overtime_cap) if kind else None
    return [
        month
        for month in finished(uow.today())
        if rules is None or rules.bucket(month.last_day).usable_through >= uow.today()
    ]


def _differences(
    uow: UnitOfWork, kind: AbsenceType | None, months: Sequence[Month], ids: Collection[UUID] | None
) -> list[_Difference]:
    """Where something else is proposed than should be; for all people, or for these."""
    if not months:
        return []
    open_ones = _open(uow, months, ids)
    people = people_by_roster(uow, months) if kind else set()
    people = people if ids is None else people & set(ids)
    hours = hours_in(uow, people, months)
    before = settled(uow, people, months) if hours else {}
    found = []
    for of in sorted(hours.keys() | open_ones.keys()):
        sum_, row = hours.get(of), open_ones.get(of)
        minutes = sum_.to_propose(before.get(of, 0)) if sum_ else 0
        if (row is not None or minutes) and not _says(row, kind, sum_, minutes):
            found.append(_Difference(of, sum_, minutes, row))
    return found


def _open(
    uow: UnitOfWork, months: Sequence[Month], ids: Collection[UUID] | None
) -> dict[PersonMonth, OvertimeCredit]:
    row = OvertimeCredit
    query = select(row).where(
        row.status == OvertimeStatus.PROPOSED, row.roster_month.in_([month.first_day for month in months])
    )
    if ids is not None:
        query = query.where(row.employee_id.in_(ids))
    found = {}
    for one in uow.session.scalars(query.execution_options(populate_existing=True)):
        if one.roster_month is not None:
            found[PersonMonth(one.employee_id, Month.of(one.roster_month))] = one
    return found


def _says(
    row: OvertimeCredit | None, kind: AbsenceType | None, hours: RosterHours | None, minutes: int
) -> bool:
    if row is None or kind is None or hours is None:
        return False
    proposed = row.absence_type_id, row.worked_minutes, row.planned_minutes, row.contract_minutes
    return proposed == (kind.id, minutes, hours.planned, hours.contract)


def _settle(uow: UnitOfWork, kind: AbsenceType | None, one: _Difference) -> None:
    row = one.open
    if kind is None or one.hours is None or not one.minutes:
        if row is not None:
            routes.close(uow, row)
            overtime.decide(uow, row, OvertimeStep.DROP)
            audit.record(uow, audit.Action.OVERTIME_OF_ROSTER_DROPPED, subject=row)
        return
    if row is None:
        row = OvertimeCredit(id=uuid4(), employee_id=one.of.employee_id, status=OvertimeStatus.PROPOSED)
        row.proposed_by_id, row.version = one.of.employee_id, 1
        uow.session.add(row)
    else:
        routes.forget(uow, row)  # whoever agreed has agreed to something else
        row.version += 1
        row.escalated_at = None
    row.absence_type_id, row.worked_minutes = kind.id, one.minutes
    row.worked_on, row.roster_month = one.hours.through, one.of.month.first_day
    row.planned_minutes, row.contract_minutes = one.hours.planned, one.hours.contract
    row.holiday_minutes, row.proposed_at = one.hours.holiday, uow.clock.now()
    audit.record(uow, audit.Action.OVERTIME_OF_ROSTER_PROPOSED, subject=row)
    overtime.ask(uow, row, kind)
