"""Reports of sickness behind their rights, locked for a change."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.services import access, type_rules
from portal.services.ledger_locks import lock


def locked(uow: UnitOfWork, absence_id: UUID, permission: Permission, *, version: int) -> Absence:
    """The report, if it is the actor's own or the right reaches its owner, as they saw it (T151, T158)."""
    within = access.employees_within(uow, permission, Absence.employee_id)
    own = Absence.employee_id == uow.actor.employee_id
    query = select(Absence).where(Absence.id == absence_id, Absence.sick, or_(own, within))
    lock(uow, [access.one_or_refuse(uow, query).employee_id])
    again = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    current = access.one_or_refuse(uow, again)
    if current.status is not AbsenceStatus.APPROVED:
        raise Refusal(Reason.ALREADY_DECIDED)
    if current.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return current


def is_own(uow: UnitOfWork, absence: Absence) -> bool:
    return absence.employee_id == uow.actor.employee_id


def kind_and_rules(
    uow: UnitOfWork, absence: Absence, day: date | None = None
) -> tuple[AbsenceType, TypeRules]:
    """By the rules of its first day, as for every absence."""
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == absence.absence_type_id))
    return kind, type_rules.rules_of(uow, kind, day or absence.start_date)
