"""Whose absences a change of holidays touches, and giving back what a new holiday frees.

What would cost more is only told: nobody is charged for a day that was free when they asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, true

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import AbsenceStatus
from portal.domain.holiday_changes import give_back, new_charge
from portal.domain.periods import DayPart
from portal.domain.working_patterns import EmploymentTerms, terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.models.team import Site
from portal.services import absence_letters, absence_postings, audit, balances, entitlements
from portal.services.balances import TypeFacts, type_facts
from portal.services.holiday_book import HolidayBook, book_of, region_of
from portal.services.holiday_days import Region
from portal.services.ledger_rules import HOLIDAY_ADDED
from portal.services.working_time import terms_of


@dataclass(frozen=True)
class Affected:
    """One person's absence and what it costs before and after, in the unit of its type."""

    absence_id: UUID
    employee_id: UUID
    name: str
    kind: TypeFacts
    start_date: date
    end_date: date
    status: AbsenceStatus
    before: int
    #: What it costs once the change is made; the same as before where it would have to cost more.
    after: int
    #: Its days would cost more now. It stays as it was decided.
    too_little: bool
    #: The parts whose price falls: id, date, new price.
    parts: tuple[tuple[UUID, date, int], ...]


def seen_of(affected: Sequence[Affected]) -> str:
    """What a page has shown, so that a yes to something else is noticed."""
    return f"{len(affected)}-{sum(one.before for one in affected)}-{sum(one.after for one in affected)}"


def effects(
    uow: UnitOfWork,
    after: HolidayBook,
    dates: Iterable[date],
    *,
    onward: date | None,
    employee_id: UUID | None = None,
) -> list[Affected]:
    """What changes when the company's book becomes `after`: on these dates, or on all from a day on, or for one person.

    Four statements, however many people there are.
    """
    found = list(_live_parts(uow, set(dates), onward, employee_id))
    if not found:
        return []
    days = [part.date for part, *_rest in found]
    terms = terms_of(uow, {row[1].employee_id for row in found}, (min(days), max(days)))
    regions = regions_of_sites(uow)
    before = book_of(uow)
    lines: dict[UUID, list[tuple[AbsencePart, int, bool]]] = {}
    owners = {}
    for part, absence, kind, name in found:
        owners[absence.id] = absence, kind, name
        price, too_little = _price(part, terms[absence.employee_id], regions, before, after, kind.counting)
        if too_little or price != part.charge:
            lines.setdefault(absence.id, []).append((part, price, too_little))
    return sorted(
        (_affected(*owners[absence_id], changed) for absence_id, changed in lines.items()),
        key=lambda one: (one.start_date, one.name),
    )


def carry_out(uow: UnitOfWork, affected: Iterable[Affected], holiday: str) -> int:
    """Lowers the prices, releases what approved ones took for it, and writes to each person; how many absences.

    The caller has changed the holidays already, and named them for the letters.
    """
    cheaper = [one for one in affected if one.parts]
    if not cheaper:
        return 0
    entitlements.lock(uow, [one.employee_id for one in cheaper])
    ids = [one.absence_id for one in cheaper]
    absences = {row.id: row for row in uow.session.scalars(select(Absence).where(Absence.id.in_(ids)))}
    parts = {
        row.id: row for row in uow.session.scalars(select(AbsencePart).where(AbsencePart.absence_id.in_(ids)))
    }
    posted: dict[tuple[UUID, date], list[LedgerEntry]] = {}
    for entry in uow.session.scalars(select(LedgerEntry).where(LedgerEntry.absence_id.in_(ids))):
        if entry.absence_id is not None:
            posted.setdefault((entry.absence_id, entry.effective_date), []).append(entry)
    kinds = {row.id: row for row in uow.session.scalars(select(AbsenceType))}
    for one in cheaper:
        absence = absences[one.absence_id]
        for part_id, day, price in one.parts:
            _release(uow, absence, posted.get((absence.id, day), []), parts[part_id].charge - price)
            parts[part_id].charge = price
        absence.charge = one.after
        absence.version += 1
        audit.record(uow, audit.Action.ABSENCE_RECOMPUTED, subject=absence)
        absence_letters.tell_owner_of_holiday(
            uow, absence, kinds[absence.absence_type_id], before=one.before, holiday=holiday
        )
    return len(cheaper)


def _live_parts(
    uow: UnitOfWork, dates: set[date], onward: date | None, employee_id: UUID | None
) -> Iterator[tuple[AbsencePart, Absence, TypeFacts, str]]:
    when = AbsencePart.date.in_(dates) if onward is None else AbsencePart.date >= onward
    query = (
        select(AbsencePart, Absence, AbsenceType, Employee.first_name, Employee.last_name)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            AbsencePart.live, when, true() if employee_id is None else AbsencePart.employee_id == employee_id
        )
        .order_by(AbsencePart.during)
    )
    for part, absence, kind, first_name, last_name in uow.session.execute(query):
        yield part, absence, type_facts(kind), f"{first_name} {last_name}"


def regions_of_sites(uow: UnitOfWork) -> dict[UUID | None, Region]:
    found: dict[UUID | None, Region] = {None: region_of(uow, None, None)}
    for site_id, country, subdivision in uow.session.execute(select(Site.id, Site.country, Site.subdivision)):
        found[site_id] = region_of(uow, country, subdivision, site_id)
    return found


def _price(
    row: AbsencePart,
    employments: list[EmploymentTerms],
    regions: dict[UUID | None, Region],
    before: HolidayBook,
    after: HolidayBook,
    counting: CountingMethod,
) -> tuple[int, bool]:
    """The part's new price, and whether it would have to be a higher one."""
    terms = terms_on(employments, row.date)
    if terms is None:
        return row.charge, False
    region = regions[terms.site_id]
    part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
    expected, now = (
        terms.price(part, book.free(region, row.date, row.employee_id), counting) for book in (before, after)
    )
    return new_charge(row.charge, expected=expected, now=now), now > expected


def _affected(
    absence: Absence, kind: TypeFacts, name: str, changed: list[tuple[AbsencePart, int, bool]]
) -> Affected:
    saved = sum(part.charge - price for part, price, _more in changed)
    return Affected(
        absence_id=absence.id,
        employee_id=absence.employee_id,
        name=name,
        kind=kind,
        start_date=absence.start_date,
        end_date=absence.end_date,
        status=absence.status,
        before=absence.charge,
        after=absence.charge - saved,
        too_little=any(more for _part, _price, more in changed),
        parts=tuple((part.id, part.date, price) for part, price, _more in changed if price < part.charge),
    )


def _release(uow: UnitOfWork, absence: Absence, posted: list[LedgerEntry], amount: int) -> None:
    released = give_back([balances.entry_from(row) for row in posted], amount)
    posted += absence_postings.post(uow, absence, released, rule=HOLIDAY_ADDED)
