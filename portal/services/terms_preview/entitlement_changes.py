"""What the years that were granted would give by other terms, and which of them would end below zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select

from portal.db import UnitOfWork
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import Plan, plan_on
from portal.domain.ledger import EntryKind
from portal.domain.permissions import Permission
from portal.domain.working_patterns import EmploymentTerms
from portal.models.absence_type import AbsenceType
from portal.models.ledger_entry import LedgerEntry
from portal.services import absence_sight, access, balances, entitlement_plans, entitlements, type_rules
from portal.services.balances import type_facts
from portal.services.entitlement_plans import Agreed
from portal.services.terms_preview.facts import BeforeAndAfter, EntitlementChange

Changing = Mapping[UUID, BeforeAndAfter]
_Sums = dict[tuple[UUID, UUID, int], int]


class _Posted(NamedTuple):
    """A year of somebody's that the ledger knows."""

    employee_id: UUID
    kind: AbsenceType
    year: int
    once_a_year: bool
    #: What plans have given of it so far.
    by_plan: int


def entitlement_changes(
    uow: UnitOfWork, changing: Changing, day: date
) -> dict[UUID, list[EntitlementChange]]:
    """By person, every year from that day's on; in a handful of statements, however many they are."""
    posted = _posted(uow, changing, day)
    if not posted:
        return {}
    worth = _Worth(uow, changing, posted)
    found: dict[UUID, list[EntitlementChange]] = {}
    left: _Sums | None = None
    for one in posted:
        amounts = worth.before_and_after(one)
        if amounts is None or amounts[0] == amounts[1]:
            continue
        follows = worth.by_plan(one)
        below = None
        if follows and amounts[1] < amounts[0]:
            left = balances.left_by_year(uow, list(changing)) if left is None else left
            ends = left.get((one.employee_id, one.kind.id, one.year), one.by_plan) - one.by_plan + amounts[1]
            below = ends if ends < 0 else None
        change = EntitlementChange(type_facts(one.kind), one.year, *amounts, follows, below)
        found.setdefault(one.employee_id, []).append(change)
    return {person: sorted(own, key=lambda one: (one.kind.key, one.year)) for person, own in found.items()}


class _Worth:
    """What a year is worth by some terms. Most people share theirs: each distinct case is worked out once."""

    def __init__(self, uow: UnitOfWork, changing: Changing, posted: Sequence[_Posted]) -> None:
        self._changing = changing
        self._planned = {
            type_id: [plan for _, plan in versions.values()]
            for type_id, versions in entitlement_plans.plans(uow).items()
        }
        self._agreed = entitlement_plans.agreed(uow, list(changing))
        new_years = {date(one.year, 1, 1) for one in posted}
        granted = type_rules.entitlements_on(uow, new_years)
        self._by_rules = {first.year: dict(rows) for first, rows in granted.items()}
        self._known: dict[tuple[UUID, int, tuple[EmploymentTerms, ...], Agreed], int] = {}

    def by_plan(self, one: _Posted) -> bool:
        return one.kind.id in self._planned

    def before_and_after(self, one: _Posted) -> tuple[int, int] | None:
        """None where nothing but corrections was posted, which no terms decide."""
        by_rules = self._by_rules[one.year]
        if not self.by_plan(one) and not (one.once_a_year and one.kind.id in by_rules):
            return None
        before, after = (self._amount(one, terms) for terms in self._changing[one.employee_id])
        return before, after

    def _amount(self, one: _Posted, terms: tuple[EmploymentTerms, ...]) -> int:
        agreed = self._agreed.get((one.employee_id, one.kind.id), ())
        case = one.kind.id, one.year, terms, agreed
        if case not in self._known:
            plans = self._planned.get(one.kind.id)
            self._known[case] = (
                _given(terms, plans, agreed, one.year)
                if plans
                else entitlements.worked_out(
                    one.year, self._by_rules[one.year][one.kind.id], terms, one.kind.counting
                )
            )
        return self._known[case]


def _posted(uow: UnitOfWork, changing: Changing, day: date) -> list[_Posted]:
    """Of the people whose ledger the reader may see, without what only some may know that it is there."""
    entry = LedgerEntry
    place = entry.employee_id, AbsenceType, entry.origin_year
    query = (
        select(
            *place,
            func.bool_or(entry.kind == EntryKind.GRANT),
            func.coalesce(func.sum(entry.amount).filter(entry.plan_id.is_not(None)), 0),
        )
        .join(AbsenceType, AbsenceType.id == entry.absence_type_id)
        .where(entry.employee_id == any_(literal(list(changing), ARRAY(Uuid))), entry.origin_year >= day.year)
        .where(access.employees_within(uow, Permission.LEDGER_VIEW, entry.employee_id))
        .where(absence_sight.sees_type(uow, entry.employee_id))
        .group_by(entry.employee_id, AbsenceType.company_id, AbsenceType.id, entry.origin_year)
    )
    return [
        _Posted(employee_id, kind, year, bool(once), int(by_plan))
        for employee_id, kind, year, once, by_plan in uow.session.execute(query)
    ]


def _given(terms: Sequence[EmploymentTerms], plans: list[Plan], agreed: Agreed, year: int) -> int:
    """What the plans give in a year, if all of it is worked."""
    plan = plan_on(plans, date(year, 12, 31))
    if plan is None:
        return 0
    found = accrue(PersonFacts(tuple(terms), agreed), plans, plan.last_day(year))
    return sum(one.amount for one in found if one.period.year == year)
