"""What is known of everybody for whom an absence is planned, read at once: as many statements for ten as for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.carried_ahead import carried_ahead
from portal.domain.entitlement_plans import Plan
from portal.domain.ledger import DatedAmount, Entry
from portal.domain.periods import DayPart
from portal.domain.working_patterns import EmploymentTerms
from portal.models.absence_type import AbsenceType
from portal.services import access, balance_ahead, type_rules
from portal.services.group_entries import taken
from portal.services.holiday_book import HolidayBook, book_of
from portal.services.holiday_days import Region
from portal.services.holiday_effects import regions_of_sites
from portal.services.working_time import terms_of

Stretch = tuple[date, date]


@dataclass(frozen=True)
class Ground:
    """By person, all that a plan is made of."""

    kind: AbsenceType
    rules: TypeRules
    terms: Mapping[UUID, list[EmploymentTerms]]
    regions: Mapping[UUID | None, Region]
    book: HolidayBook
    held: dict[UUID, list[DayPart]]
    #: What is posted, and what is not yet and will be, where requests may use it.
    entries: Mapping[UUID, list[Entry]]
    ahead: Mapping[UUID, list[Entry]]
    reserved: Mapping[UUID, list[DatedAmount]]
    #: By which years to come are settled, where requests may use what is carried over; with today and the last day.
    plans: Sequence[Plan]
    today: date
    through: date

    def moved(self, person_id: UUID) -> list[Entry]:
        return [*self.entries.get(person_id, ()), *self.ahead.get(person_id, ())]

    def carried(self, person_id: UUID, charges: Sequence[DatedAmount]) -> list[Entry]:
        """What years to come will begin with, with what waits and these charges left behind in their year."""
        if not self.plans:
            return []
        taken = [*self.reserved.get(person_id, ()), *charges]
        return carried_ahead(self.plans, self.moved(person_id), taken, today=self.today, through=self.through)

    def left(
        self, person_id: UUID, charges: Sequence[DatedAmount], carried: Sequence[Entry]
    ) -> tuple[int, int]:
        """What is usable on the first day, less what waits in its year; and what of it will be carried over."""
        first, last = charges[0][0], charges[-1][0]
        brought = sum(one.amount for one in carried if one.bucket.usable_on(first))
        held = sum(one.amount for one in self.entries.get(person_id, ()) if one.bucket.usable_on(first))
        to_come = sum(
            one.amount
            for one in self.ahead.get(person_id, ())
            if one.bucket.usable_on(first) and one.effective_date <= last
        )
        waiting = sum(amount for day, amount in self.reserved.get(person_id, ()) if day.year == first.year)
        return held + to_come + brought - waiting, brought


def ground_of(uow: UnitOfWork, ids: Sequence[UUID], type_id: UUID, stretch: Stretch) -> Ground:
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == type_id))
    return grounds_of(uow, ids, [kind], stretch)[kind.id]


def grounds_of(
    uow: UnitOfWork, ids: Sequence[UUID], kinds: Sequence[AbsenceType], stretch: Stretch
) -> dict[UUID, Ground]:
    """By type. What is held is one for all of them: nobody is away twice at a time."""
    rules = type_rules.rules_of_several(uow, kinds, stretch[0])
    kept = [kind.id for kind in kinds if rules[kind.id].keeps_balance]
    entries = taken.entries(uow, ids, kept) if kept else {}
    reserved = taken.reserved(uow, ids, kept) if kept else {}
    terms, regions, book = terms_of(uow, ids, stretch), regions_of_sites(uow), book_of(uow)
    held = taken.held(uow, ids, stretch)
    found = {}
    for kind in kinds:
        own, waiting, keeps = entries.get(kind.id, {}), reserved.get(kind.id, {}), kind.id in kept
        # What was agreed on for later days is paid by what is earned and carried over until then.
        later = (balance_ahead.last_day((), waiting.get(one, ()), own.get(one, ())) for one in ids)
        through = max([stretch[1], *later]) if keeps else stretch[1]
        found[kind.id] = Ground(
            kind,
            rules[kind.id],
            terms,
            regions,
            book,
            held,
            own,
            balance_ahead.expected(uow, ids, kind, through) if keeps else {},
            waiting,
            balance_ahead.settling(uow, kind, through) if keeps else (),
            uow.today(),
            min(through, uow.today() + balance_ahead.LOOK_AHEAD),
        )
    return found
