"""After a restore: whoever the ledger says was erased is erased again, before anybody signs in (T144)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.erasures import LIVE, ErasureOrigin, ErasureStatus
from portal.integrations.erasure_ledger import Erasure
from portal.models.employee import Employee
from portal.models.erasure import ErasureRequest, ErasureStep
from portal.services import audit
from portal.services.forgetting import erasers, plans
from portal.services.forgetting.carrying_out import name_of


def replay(uow: UnitOfWork) -> int:
    """Erases again whoever came back with a backup of this company; says how many. Repeated, it finds nobody.

    Raises LedgerBroken when the ledger is not genuine: better no portal than one that remembers the forgotten.
    """
    by_person: dict[UUID, list[Erasure]] = defaultdict(list)
    for one in uow.outside.erasures.read(uow.company.id):
        by_person[one.employee_id].append(one)
    return sum(_erase_again(uow, employee_id, lines) for employee_id, lines in sorted(by_person.items()))


def still_there(uow: UnitOfWork) -> int:
    """How many of the company's erased people this database still knows something of."""
    by_person: dict[UUID, set[str]] = defaultdict(set)
    for one in uow.outside.erasures.read(uow.company.id):
        by_person[one.employee_id] |= set(one.parts)
    return sum(_is_there(uow, employee_id, parts) for employee_id, parts in by_person.items())


def _is_there(uow: UnitOfWork, employee_id: UUID, parts: set[str]) -> bool:
    done = {
        name_of(step)
        for step in uow.session.scalars(
            select(ErasureStep)
            .join(ErasureRequest, ErasureRequest.id == ErasureStep.request_id)
            .where(ErasureRequest.employee_id == employee_id, ErasureStep.done_at.is_not(None))
        )
    }
    there = uow.session.scalar(select(Employee.id).where(Employee.id == employee_id))
    return there is not None and not parts <= done


def _erase_again(uow: UnitOfWork, employee_id: UUID, lines: list[Erasure]) -> bool:
    parts = {part for one in lines for part in one.parts}
    if not _is_there(uow, employee_id, parts):
        return False
    request = _request(uow, employee_id, lines)
    later = {part: day for one in lines for part, day in one.later.items() if part not in parts}
    steps = _steps(uow, request, parts, later)
    for card in plans.in_order():
        for part in sorted(one for one in parts if one.partition(":")[0] == card.table):
            step = steps[part]
            step.row_count = erasers.erase(uow, employee_id, *part.split(":"))
            step.done_at = uow.clock.now()
    request.status = ErasureStatus.PARTLY if later else ErasureStatus.ERASED
    request.finished_at = None if later else uow.clock.now()
    audit.record(
        uow,
        audit.Action.ERASURE_CARRIED_OUT,
        subject=request,
        rows=sum(one.row_count or 0 for one in steps.values()),
    )
    return True


def _request(uow: UnitOfWork, employee_id: UUID, lines: list[Erasure]) -> ErasureRequest:
    """The request as the backup knew it, or a new one; either is approved: that is how it came into the ledger."""
    request = uow.session.scalars(
        select(ErasureRequest)
        .where(ErasureRequest.employee_id == employee_id, ErasureRequest.status.in_(LIVE))
        .with_for_update()
    ).one_or_none()
    if request is None:
        first = min(one.at for one in lines).date()
        request = ErasureRequest(
            employee_id=employee_id, origin=ErasureOrigin.RESTORE, received_on=first, due_on=first, version=1
        )
        uow.session.add(request)
    request.status, request.origin = ErasureStatus.ERASING, ErasureOrigin.RESTORE
    uow.session.flush()
    return request


def _steps(
    uow: UnitOfWork, request: ErasureRequest, parts: set[str], later: dict[str, date]
) -> dict[str, ErasureStep]:
    there = uow.session.scalars(select(ErasureStep).where(ErasureStep.request_id == request.id))
    steps = {name_of(one): one for one in there}
    for part in sorted(parts | later.keys()):
        if part not in steps:
            table, waits_for = part.split(":")
            steps[part] = ErasureStep(
                request_id=request.id,
                table_name=table,
                waits_for=waits_for,
                due_on=later.get(part, uow.today()),
            )
            uow.session.add(steps[part])
    return steps
