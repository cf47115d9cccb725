"""What publishing a round would do to each person, before it does: what it costs, and what stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.law_packs.rules import RuleKey
from portal.domain.law_packs.shelf import find_rule
from portal.domain.permissions import Permission
from portal.domain.planning_rounds import Outcome
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import terms_on
from portal.services import access, law_packs
from portal.services.group_entries import planning
from portal.services.group_entries.planning import GroupWish, PersonPlan
from portal.services.planning_rounds.sheet import Sheet, SheetWish
from portal.services.working_time import terms_of


@dataclass(frozen=True)
class PricedWish:
    """A granted wish with its price; with a problem it is left as it is, a plan."""

    wish: SheetWish
    plan: PersonPlan
    problem: Refusal | None
    #: By the law of the site, the last day on which it may be determined; None: no such rule, or in time.
    too_late_since: date | None = None

    @property
    def enters(self) -> bool:
        return self.problem is None


@dataclass(frozen=True)
class Priced:
    """All that is granted, by person and day, and what is refused."""

    wishes: list[PricedWish]
    refused: list[SheetWish]

    @property
    def entered(self) -> list[PricedWish]:
        return [one for one in self.wishes if one.enters]

    @property
    def left(self) -> list[PricedWish]:
        return [one for one in self.wishes if not one.enters]

    @property
    def short_notice(self) -> list[PricedWish]:
        return [one for one in self.entered if one.too_late_since]

    @property
    def seen(self) -> str:
        """What a page has shown, so that a yes to something else is noticed."""
        said = [f"{one.wish.id}{one.plan.cost.total}{one.enters}" for one in self.wishes]
        said += [f"{one.id}-" for one in self.refused]
        return hashlib.sha256("|".join(sorted(said)).encode()).hexdigest()[:32]


def price(uow: UnitOfWork, sheet: Sheet) -> Priced:
    """Of several wishes of a person each takes what the ones before it left."""
    granted = [one for one in sheet.wishes if one.granted and not one.own]
    stretch = sheet.row.start_date, sheet.row.end_date
    kinds = {one.type.id: one.type for one in granted}
    wanted = [(one.person.id, one.person.name, _group_wish(one)) for one in granted]
    found = planning.plan_each(uow, list(kinds.values()), stretch, wanted) if granted else []
    plans = {one.id: plan for one, plan in zip(granted, found, strict=True)}
    overrides = access.reachable(
        uow, Permission.STAFFING_OVERRIDE, [one.person.id for one in granted if one.blocked]
    )
    deadlines = _announced_by(uow, granted) if sheet.row.outcome is Outcome.ABSENCES else {}
    priced = [
        PricedWish(one, plans[one.id], _problem(one, plans[one.id], overrides), deadlines.get(one.id))
        for one in granted
    ]
    return Priced(priced, [one for one in sheet.wishes if not one.granted and not one.own])


def _problem(one: SheetWish, found: PersonPlan, overrides: set[UUID]) -> Refusal | None:
    if not one.person.active:
        return Refusal(Reason.PERSON_LEFT)
    if one.blocked and one.person.id not in overrides:
        return Refusal(Reason.STAFFING_BLOCKED, rule=one.rule_name, date=one.rule_date)
    return found.problem


def _group_wish(one: SheetWish) -> GroupWish:
    row = one.row
    return GroupWish(row.absence_type_id, row.start_date, row.end_date, row.first_part, row.last_part)


def _announced_by(uow: UnitOfWork, granted: Sequence[SheetWish]) -> dict[UUID, date]:
    """Of those that come too late for the law of their site: until when they could have been determined."""
    if not granted:
        return {}
    packs = {site.site_id: site.now.pack for site in law_packs.in_force(uow).sites}
    terms = terms_of(uow, [one.person.id for one in granted])
    found = {}
    for one in granted:
        first = one.row.start_date
        held = terms_on(terms.get(one.person.id, []), first)
        pack = packs.get(held.site_id if held else None)
        rule = find_rule(pack, RuleKey.EMPLOYER_NOTICE, first) if pack else None
        if rule is not None and isinstance(rule.value, int):
            by = first - timedelta(days=rule.value)
            if by < uow.today():
                found[one.id] = by
    return found
