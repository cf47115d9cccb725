"""What days off cost by a roster: by the one that was just published, or by a draft as if it were. It only reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import rules_on
from portal.domain.absences import ACTIVE
from portal.domain.periods import DayPart
from portal.domain.working_patterns import terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.shift import PublishedShift, Shift
from portal.models.team import TeamMembership
from portal.services import absence_sight, type_rules
from portal.services.balances import TypeFacts, type_facts
from portal.services.holiday_book import book_of
from portal.services.holiday_effects import regions_of_sites
from portal.services.rostered_time import with_rosters
from portal.services.rosters import RosterFacts
from portal.services.working_time import terms_of

#: A day, what it cost and what it costs now.
DayPrice = tuple[date, int, int]


@dataclass
class Repriced:
    """An absence of which some parts cost something else by the roster."""

    absence: Absence
    kind: AbsenceType
    owner: Employee
    #: Whether the reader may know what it is.
    known: bool
    #: Whether it is paid for with a balance at all.
    keeps_balance: bool
    prices: dict[AbsencePart, int] = field(default_factory=dict)

    @property
    def days(self) -> list[DayPrice]:
        """Before anything is written."""
        found: dict[date, tuple[int, int]] = {}
        for part, price in self.prices.items():
            was, now = found.get(part.date, (0, 0))
            found[part.date] = was + part.charge, now + price
        return [(day, *cost) for day, cost in sorted(found.items())]


@dataclass(frozen=True)
class RepricedLeave:
    """Leave that publishing would make cost something else, as planners read it."""

    name: str
    #: None where the reader may not know what it is.
    kind: TypeFacts | None
    #: In whose unit the amounts are.
    counts: TypeFacts
    start_date: date
    end_date: date
    days: list[DayPrice]

    @property
    def before(self) -> int:
        return sum(was for _, was, _ in self.days)

    @property
    def after(self) -> int:
        return sum(now for _, _, now in self.days)


def ahead(uow: UnitOfWork, facts: RosterFacts) -> list[RepricedLeave]:
    """What publishing the draft would make cost something else, by name."""
    ids = people_of(uow, facts)
    found = repriced(uow, facts, ids, drafted=True) if ids else []
    lines = [
        RepricedLeave(
            name=one.owner.name,
            kind=type_facts(one.kind) if one.known else None,
            counts=type_facts(one.kind),
            start_date=one.absence.start_date,
            end_date=one.absence.end_date,
            days=one.days,
        )
        for one in found
        if one.keeps_balance
    ]
    return sorted(lines, key=lambda one: (one.name, one.start_date))


def people_of(uow: UnitOfWork, facts: RosterFacts) -> list[UUID]:
    """Who works by this roster."""
    member = TeamMembership
    team = select(member.employee_id).where(
        member.team_id == facts.team_id,
        member.start_date <= facts.end_date,
        or_(member.end_date.is_(None), member.end_date >= facts.start_date),
    )
    planned = [select(copy.employee_id).where(copy.roster_id == facts.id) for copy in (Shift, PublishedShift)]
    query = select(Employment.employee_id).where(
        Employment.by_roster,
        Employment.start_date <= facts.end_date,
        or_(Employment.end_date.is_(None), Employment.end_date >= facts.start_date),
        or_(Employment.employee_id.in_(team), *(Employment.employee_id.in_(one) for one in planned)),
    )
    return sorted(set(uow.session.scalars(query)))


def repriced(
    uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID], *, drafted: bool = False
) -> list[Repriced]:
    """The absences of these people that cost something else by the roster; the same few statements for any number."""
    found = _absences(uow, facts, ids)
    if not found:
        return []
    stretch = facts.start_date, facts.end_date
    people = {one.absence.employee_id for one, _ in found}
    terms = with_rosters(uow, terms_of(uow, people), *stretch, drafted=facts.id if drafted else None)
    regions, book = regions_of_sites(uow), book_of(uow)
    for one, parts in found:
        for row in parts:
            at = terms_on(terms[one.absence.employee_id], row.date)
            if at is None or not at.by_roster:
                continue
            part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
            free = book.free(regions[at.site_id], row.date, one.absence.employee_id)
            price = at.price(part, free, one.kind.counting)
            if price != row.charge:
                one.prices[row] = price
    return [one for one, _ in found if one.prices]


def _absences(
    uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID]
) -> Iterable[tuple[Repriced, list[AbsencePart]]]:
    """Each with its days within the roster's time."""
    known = absence_sight.sees_kind(uow, Absence.employee_id, Absence.start_date)
    query = (
        select(AbsencePart, Absence, AbsenceType, Employee, known)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(AbsencePart.live, AbsencePart.date.between(facts.start_date, facts.end_date))
        .where(AbsencePart.employee_id.in_(ids), Absence.status.in_(ACTIVE))
        .order_by(AbsencePart.during)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, tuple[Repriced, list[AbsencePart]]] = {}
    for part, absence, kind, owner, sees in uow.session.execute(query):
        one = Repriced(absence, kind, owner, bool(sees), keeps_balance=True)
        found.setdefault(absence.id, (one, []))[1].append(part)
    versions = type_rules.versions_of(uow, {one.kind.id for one, _ in found.values()}) if found else {}
    for one, _ in found.values():
        later = type_rules.dated_rules(versions.get(one.kind.id, []))
        rules = rules_on(type_rules.rules_in(one.kind), later, one.absence.start_date)
        one.keeps_balance = rules.keeps_balance or one.kind.overtime_months is not None
    return list(found.values())
