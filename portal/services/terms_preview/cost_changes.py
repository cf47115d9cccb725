"""What absences that are asked for or approved would cost by other terms. They stay as they were agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, literal, select

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE
from portal.domain.periods import DayPart
from portal.domain.permissions import Permission
from portal.domain.working_patterns import EmploymentTerms, terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.services import absence_sight, access
from portal.services.balances import type_facts
from portal.services.holiday_book import HolidayBook, book_of
from portal.services.holiday_days import Region
from portal.services.holiday_effects import regions_of_sites
from portal.services.rostered_time import with_rosters
from portal.services.terms_preview.facts import BeforeAndAfter, CostChange

Changing = Mapping[UUID, BeforeAndAfter]
_Parts = Sequence[Row[Absence, AbsenceType, AbsencePart, bool]]


def cost_changes(uow: UnitOfWork, changing: Changing, day: date) -> dict[UUID, list[CostChange]]:
    """By person, in the order of their days; in a handful of statements, however many they are."""
    rows = _parts(uow, changing, day)
    if not rows:
        return {}
    regions, book = regions_of_sites(uow), book_of(uow)
    before, after = _rostered(uow, changing, rows)
    moved: dict[UUID, int] = {}
    for absence, kind, row, _ in rows:
        part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
        was, would = (
            _price(part, kind, absence.employee_id, terms, regions, book) for terms in (before, after)
        )
        moved[absence.id] = moved.get(absence.id, 0) + would - was
    found: dict[UUID, list[CostChange]] = {}
    for absence, kind, _, sees in rows:
        change = moved.pop(absence.id, 0)
        if change:
            facts = type_facts(kind) if sees else None
            dates = absence.start_date, absence.end_date
            one = CostChange(absence.id, facts, *dates, absence.charge, absence.charge + change)
            found.setdefault(absence.employee_id, []).append(one)
    return found


def _parts(uow: UnitOfWork, changing: Changing, day: date) -> _Parts:
    reach = access.employees_within(uow, Permission.ABSENCE_VIEW, Absence.employee_id)
    known = absence_sight.sees_opened(uow, Absence.employee_id)
    query = (
        select(Absence, AbsenceType, AbsencePart, known)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(Absence.employee_id == any_(literal(list(changing), ARRAY(Uuid))))
        .where(Absence.status.in_(ACTIVE), reach)
        .where(AbsencePart.live, AbsencePart.date >= day)
        .order_by(Absence.start_date, AbsencePart.during)
    )
    return uow.session.execute(query).all()


def _rostered(
    uow: UnitOfWork, changing: Changing, rows: _Parts
) -> tuple[dict[UUID, list[EmploymentTerms]], dict[UUID, list[EmploymentTerms]]]:
    """Both terms with what rosters say of the days, of those who have any off."""
    days = [row.date for _, _, row, _ in rows]
    people = {absence.employee_id for absence, _, _, _ in rows}
    stretch = min(days), max(days)
    return (
        with_rosters(uow, {one: changing[one].before for one in people}, *stretch),
        with_rosters(uow, {one: changing[one].after for one in people}, *stretch),
    )


def _price(
    part: DayPart,
    kind: AbsenceType,
    employee_id: UUID,
    employments: Mapping[UUID, Sequence[EmploymentTerms]],
    regions: Mapping[UUID | None, Region],
    book: HolidayBook,
) -> int:
    terms = terms_on(employments[employee_id], part.date)
    if terms is None:
        return 0
    free = book.free(regions[terms.site_id], part.date, employee_id)
    return terms.price(part, free, kind.counting)
