"""What many people's balances and days hold already, read at once: as many statements for one as for a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import DatedAmount, Entry
from portal.domain.periods import DayPart
from portal.models.absence import Absence, AbsencePart
from portal.models.ledger_entry import LedgerEntry
from portal.services import balances


def held(uow: UnitOfWork, ids: Sequence[UUID], stretch: tuple[date, date]) -> dict[UUID, list[DayPart]]:
    query = select(
        AbsencePart.employee_id,
        AbsencePart.date,
        AbsencePart.part,
        AbsencePart.starts_minute,
        AbsencePart.ends_minute,
    ).where(
        AbsencePart.live,
        AbsencePart.date.between(*stretch),
        AbsencePart.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
    )
    found: dict[UUID, list[DayPart]] = {}
    for person_id, day, part, starts, ends in uow.session.execute(query):
        found.setdefault(person_id, []).append(DayPart(day, part, starts, ends))
    return found


def entries(
    uow: UnitOfWork, ids: Sequence[UUID], type_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, list[Entry]]]:
    """By type and person."""
    query = select(LedgerEntry).where(
        LedgerEntry.absence_type_id.in_(type_ids),
        LedgerEntry.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
    )
    found: dict[UUID, dict[UUID, list[Entry]]] = {}
    for row in uow.session.scalars(query):
        of_type = found.setdefault(row.absence_type_id, {})
        of_type.setdefault(row.employee_id, []).append(balances.entry_from(row))
    return found


def reserved(
    uow: UnitOfWork, ids: Sequence[UUID], type_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, list[DatedAmount]]]:
    """By type and person."""
    query = (
        select(Absence.absence_type_id, Absence.employee_id, AbsencePart.date, func.sum(balances.RESERVES))
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            Absence.absence_type_id.in_(type_ids),
            Absence.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
            AbsencePart.charge > 0,
        )
        .group_by(Absence.absence_type_id, Absence.employee_id, AbsencePart.date)
    )
    found: dict[UUID, dict[UUID, list[DatedAmount]]] = {}
    for type_id, person_id, day, amount in uow.session.execute(query):
        found.setdefault(type_id, {}).setdefault(person_id, []).append((day, int(amount)))
    return found
