"""What other working time or another site would change for one person, before it is saved. Nothing here writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import charge_of
from portal.domain.absences import ACTIVE
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import Plan, plan_on
from portal.domain.holidays import NOTHING_FREE, FreeTime, free_time
from portal.domain.ledger import EntryKind
from portal.domain.periods import DayPart
from portal.domain.permissions import Permission
from portal.domain.working_patterns import EmploymentTerms, scheduled_minutes, terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employment
from portal.models.ledger_entry import LedgerEntry
from portal.models.team import Site
from portal.services import absence_sight, access, employments, entitlement_plans, entitlements, type_rules
from portal.services.balances import TypeFacts, type_facts
from portal.services.employments import Terms
from portal.services.holiday_book import region_of_person
from portal.services.rostered_time import with_rosters
from portal.services.working_time import holidays_in, terms_in, working_time


@dataclass(frozen=True)
class EntitlementChange:
    """What a year would give. `follows`: it is corrected by itself, else what was granted stays."""

    kind: TypeFacts
    year: int
    before: int
    after: int
    follows: bool


@dataclass(frozen=True)
class CostChange:
    """An absence that would cost something else by the new terms. It stays as it was agreed."""

    absence_id: UUID
    #: None where the reader may not know it.
    kind: TypeFacts | None
    start_date: date
    end_date: date
    before: int
    after: int


@dataclass(frozen=True)
class TermsPreview:
    """All that would change from a day on."""

    terms_from: date
    entitlements: list[EntitlementChange]
    absences: list[CostChange]
    #: Of exactly these terms from this day: the yes to them.
    seen: str

    def __bool__(self) -> bool:
        return bool(self.entitlements or self.absences)


def preview(uow: UnitOfWork, employee_id: UUID, terms: Terms, terms_from: date) -> TermsPreview:
    """Compares every year granted from that day on, and every absence."""
    rows = employments.list_of(uow, employee_id)
    before = tuple(terms_in(row) for row in rows)
    after = _changed(rows, employee_id, terms, terms_from)
    said = repr((employee_id, terms, terms_from)).encode()
    seen = hashlib.sha256(said).hexdigest()[:32]
    if after is None or set(after) == set(before):
        return TermsPreview(terms_from, [], [], seen)
    return TermsPreview(
        terms_from,
        _entitlements(uow, employee_id, before, after, terms_from),
        _absences(uow, employee_id, before, after, terms_from),
        seen,
    )


def _changed(
    rows: list[Employment], employee_id: UUID, terms: Terms, day: date
) -> tuple[EmploymentTerms, ...] | None:
    """The terms as saving would leave them, on copies that no session knows."""
    copies = [
        employments.segment(
            employee_id, employments.terms_at([row], row.start_date), row.start_date, row.end_date
        )
        for row in rows
    ]
    if not copies or day < copies[0].start_date:
        return None
    _, added = employments.change_segments(copies, employee_id, terms, day)
    return tuple(terms_in(row) for row in (*copies, *([added] if added else [])))


def _entitlements(
    uow: UnitOfWork,
    employee_id: UUID,
    before: Sequence[EmploymentTerms],
    after: Sequence[EmploymentTerms],
    day: date,
) -> list[EntitlementChange]:
    reach = access.employees_within(uow, Permission.LEDGER_VIEW, LedgerEntry.employee_id)
    mine = and_(LedgerEntry.employee_id == employee_id, reach)
    kinds = {row.id: type_facts(row) for row in uow.session.scalars(select(AbsenceType))}
    place = LedgerEntry.absence_type_id, LedgerEntry.origin_year
    granted = select(*place, func.bool_or(LedgerEntry.kind == EntryKind.GRANT))
    query = granted.where(mine, LedgerEntry.origin_year >= day.year).group_by(*place)
    posted = uow.session.execute(query).all()
    planned = entitlement_plans.plans(uow)
    agreed = entitlement_plans.agreed(uow, [employee_id])
    new_years = {date(year, 1, 1) for _, year, _ in posted}
    by_rules = {first.year: dict(rows) for first, rows in type_rules.entitlements_on(uow, new_years).items()}
    found = []
    for type_id, year, once_a_year in posted:
        kind = kinds[type_id]
        plans = [plan for _, plan in planned.get(type_id, {}).values()]
        if plans:
            own = agreed.get((employee_id, type_id), ())
            was, would = (_given(terms, plans, own, year) for terms in (before, after))
        elif once_a_year and type_id in by_rules[year]:
            was, would = (
                entitlements.worked_out(year, by_rules[year][type_id], terms, kind.counting)
                for terms in (before, after)
            )
        else:
            continue
        if was != would:
            found.append(EntitlementChange(kind, year, was, would, follows=bool(plans)))
    return sorted(found, key=lambda one: (one.kind.key, one.year))


def _given(
    terms: Sequence[EmploymentTerms],
    plans: list[Plan],
    agreed: entitlement_plans.Agreed,
    year: int,
) -> int:
    """What the plans give in a year, if all of it is worked."""
    plan = plan_on(plans, date(year, 12, 31))
    if plan is None:
        return 0
    found = accrue(PersonFacts(tuple(terms), agreed), plans, plan.last_day(year))
    return sum(one.amount for one in found if one.period.year == year)


def _absences(
    uow: UnitOfWork,
    employee_id: UUID,
    before: Sequence[EmploymentTerms],
    after: Sequence[EmploymentTerms],
    day: date,
) -> list[CostChange]:
    reach = access.employees_within(uow, Permission.ABSENCE_VIEW, Absence.employee_id)
    known = absence_sight.sees_opened(uow, Absence.employee_id)
    query = (
        select(Absence, AbsenceType, AbsencePart, known)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(Absence.employee_id == employee_id, Absence.status.in_(ACTIVE), reach)
        .where(AbsencePart.live, AbsencePart.date >= day)
        .order_by(Absence.start_date, AbsencePart.during)
    )
    rows = uow.session.execute(query).all()
    if not rows:
        return []
    days = [part.date for _, _, part, _ in rows]
    free = working_time(uow, employee_id, min(days), max(days)).free
    before, after = (
        with_rosters(uow, {employee_id: one}, min(days), max(days))[employee_id] for one in (before, after)
    )
    free_after = _free_after(uow, employee_id, before, after, days, free)
    moved: dict[UUID, int] = {}
    for absence, kind, row, _ in rows:
        part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
        cost = _pricer(part, kind)
        was = cost(scheduled_minutes(before, row.date), free.get(row.date, NOTHING_FREE))
        would = cost(scheduled_minutes(after, row.date), free_after.get(row.date, NOTHING_FREE))
        moved[absence.id] = moved.get(absence.id, 0) + would - was
    found = []
    for absence, kind, _, sees in rows:
        change = moved.pop(absence.id, 0)
        if change:
            facts = type_facts(kind) if sees else None
            dates = absence.start_date, absence.end_date
            found.append(CostChange(absence.id, facts, *dates, absence.charge, absence.charge + change))
    return found


def _pricer(part: DayPart, kind: AbsenceType) -> Callable[[int, FreeTime], int]:
    return lambda minutes, free: charge_of(part, minutes, free, kind.counting)


def _free_after(
    uow: UnitOfWork,
    employee_id: UUID,
    before: Sequence[EmploymentTerms],
    after: Sequence[EmploymentTerms],
    days: Iterable[date],
    free: Mapping[date, FreeTime],
) -> Mapping[date, FreeTime]:
    """The holidays of another site, on the days on which the person would work there."""
    found = dict(free)
    elsewhere: dict[UUID | None, list[date]] = {}
    for day in days:
        old, new = terms_on(before, day), terms_on(after, day)
        if new is not None and (old is None or old.site_id != new.site_id):
            elsewhere.setdefault(new.site_id, []).append(day)
    for site_id, listed in elsewhere.items():
        site = uow.session.execute(select(Site.country, Site.subdivision).where(Site.id == site_id)).first()
        country, subdivision = site if site is not None else (None, None)
        region = region_of_person(uow, employee_id, country, subdivision, site_id)
        holidays = holidays_in(uow, region, {day.year for day in listed})
        there = free_time(one for several in holidays.values() for one in several)
        for day in listed:
            found[day] = there.get(day, NOTHING_FREE)
    return found
