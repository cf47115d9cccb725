"""Which pack of law each site runs, by the country that holds there on a day, and where a type gives less than it asks.

It reads only: the country of a site, with its date, is changed on the page of public holidays, and another pack is
chosen in law_pack_choices.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import FULL_WEEK_DAYS, FULL_WEEK_MINUTES, months_later
from portal.domain.law_packs.rules import LawPack, LawRule, RuleKey
from portal.domain.law_packs.shelf import PACKS, RuleChange, changes_after, pack_of, rules_on
from portal.domain.law_packs.worked import days_of, leasts, minutes_of
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.employee import Employee, Employment
from portal.models.entitlement_plan import EntitlementPlan
from portal.models.law_pack_choice import LawPackChoice
from portal.models.team import Site
from portal.services.absence_letters import VACATION
from portal.services.balances import TypeFacts, type_facts
from portal.services.entitlement_plans import plan_in
from portal.services.holiday_book import HolidayBook, book_of, region_of
from portal.services.holiday_days import Region
from portal.services.type_rules import rules_in


@dataclass(frozen=True)
class PackFrom:
    """From a day on the pack of this country holds; None: no pack is known of it."""

    day: date
    country: str
    pack: LawPack | None


@dataclass(frozen=True)
class Chosen:
    """Who has decided it, why and when."""

    reason: str
    author: str
    made_at: datetime


@dataclass(frozen=True)
class SitePack:
    """What a site runs today and what it will run; without an id, people who have no site."""

    site_id: UUID | None
    name: str
    now: PackFrom
    later: tuple[PackFrom, ...]
    #: Somebody has chosen another pack than that of the country.
    chosen: Chosen | None = None


@dataclass(frozen=True)
class RunningPack:
    """A pack that some site runs, now or later, with what holds today and what its own data says will change."""

    pack: LawPack
    rules: list[LawRule]
    changes: list[RuleChange]


@dataclass(frozen=True)
class LawInForce:
    """All sites, and each pack that one of them runs or will run."""

    day: date
    sites: list[SitePack]
    packs: list[RunningPack]


@dataclass(frozen=True)
class BelowLaw:
    """A type that gives somebody at a site less for a year than the law there asks."""

    kind: TypeFacts
    #: Empty for people without a site.
    site: str
    pack: LawPack
    amount: int
    least: int
    #: Which rule asks it: of everybody, from an age on, or after years of service.
    rule: LawRule


def in_force(uow: UnitOfWork) -> LawInForce:
    """Three statements, however many sites there are."""
    today, book = uow.today(), book_of(uow)
    choices = _choices(uow)
    found = uow.session.execute(
        select(Site.id, Site.name, Site.country, Site.subdivision).order_by(Site.name)
    )
    sites = [
        _site_pack(book, region_of(uow, country, subdivision, site_id), name, today, choices.get(site_id))
        for site_id, name, country, subdivision in found
    ]
    sites.append(_site_pack(book, region_of(uow, None, None), "", today, choices.get(None)))
    run = {one.pack.name: one.pack for site in sites for one in (site.now, *site.later) if one.pack}
    packs = [
        RunningPack(pack, rules_on(pack, today), changes_after(pack, today))
        for _, pack in sorted(run.items())
    ]
    return LawInForce(today, sites, packs)


def below_least(uow: UnitOfWork, reached: ColumnElement[bool]) -> list[BelowLaw]:
    """Of the vacation of people who work today and whom the condition reaches: every site where it is too short.

    One statement, and the book of holidays if nobody has read it yet.
    """
    today = uow.today()
    return list(_too_short(uow, uow.session.execute(_places_of_work(today, reached)).all(), today))


def _choices(uow: UnitOfWork) -> dict[UUID | None, tuple[str, Chosen]]:
    query = select(LawPackChoice, Employee).outerjoin(Employee, Employee.id == LawPackChoice.author_id)
    found: dict[UUID | None, tuple[str, Chosen]] = {}
    for row, person in uow.session.execute(query):
        author: Employee | None = person
        by = author.name if author is not None else ""
        found[row.site_id] = row.pack, Chosen(row.reason, by, row.created_at)
    return found


def _site_pack(
    book: HolidayBook, region: Region, name: str, today: date, choice: tuple[str, Chosen] | None
) -> SitePack:
    if choice is not None:
        country, _subdivision = book.place_on(region, today)
        return SitePack(
            region.site_id, name, PackFrom(today, country, PACKS.get(choice[0])), (), chosen=choice[1]
        )
    days = sorted({one.valid_from for one in book.regions if one.valid_from > today})
    turns = [_pack_on(book, region, today)]
    for day in days:
        turn = _pack_on(book, region, day)
        if turn.country != turns[-1].country:
            turns.append(turn)
    return SitePack(region.site_id, name, turns[0], tuple(turns[1:]))


def _pack_on(book: HolidayBook, region: Region, day: date) -> PackFrom:
    country, _subdivision = book.place_on(region, day)
    return PackFrom(day, country, pack_of(country))


def _places_of_work(today: date, reached: ColumnElement[bool]) -> Any:
    """Each site where somebody works, with the vacation and the version and the plan of it that hold today."""
    worked_at = (
        select(Employment.site_id)
        .distinct()
        .join(Employee, Employee.id == Employment.employee_id)
        .where(
            reached,
            Employment.start_date <= today,
            or_(Employment.end_date.is_(None), Employment.end_date >= today),
        )
        .subquery()
    )
    return (
        select(AbsenceType, AbsenceTypeVersion, EntitlementPlan, worked_at.c.site_id)
        .add_columns(Site.name, Site.country, Site.subdivision, LawPackChoice.pack)
        .select_from(AbsenceType)
        .join(worked_at, true())
        .outerjoin(Site, Site.id == worked_at.c.site_id)
        .outerjoin(LawPackChoice, LawPackChoice.site_id.is_not_distinct_from(worked_at.c.site_id))
        .outerjoin(AbsenceTypeVersion, AbsenceTypeVersion.id == _latest(AbsenceTypeVersion, today))
        .outerjoin(EntitlementPlan, EntitlementPlan.id == _latest(EntitlementPlan, today))
        .where(
            AbsenceType.key == VACATION,
            AbsenceType.offered_on(today),
        )
        .order_by(Site.name)
    )


def _latest(model: type[AbsenceTypeVersion] | type[EntitlementPlan], today: date) -> ScalarSelect[UUID]:
    dated = aliased(model)
    return (
        select(dated.id)
        .where(dated.absence_type_id == AbsenceType.id, dated.valid_from <= today)
        .order_by(dated.valid_from.desc())
        .limit(1)
        .correlate(AbsenceType)
        .scalar_subquery()
    )


def _too_short(uow: UnitOfWork, rows: Iterable[Any], today: date) -> Iterator[BelowLaw]:
    for kind, version, plan, site_id, name, country, subdivision, chosen in rows:
        if chosen is None:
            region = region_of(uow, country, subdivision, site_id)
            pack = _pack_on(book_of(uow), region, today).pack
        else:
            pack = PACKS.get(chosen)
        for rule in leasts(pack, today) if pack is not None else ():
            amount = _yearly(kind, version, plan, rule)
            if kind.counting is CountingMethod.HOURS:
                least = minutes_of(rule, FULL_WEEK_MINUTES)
            else:
                least = days_of(rule, FULL_WEEK_DAYS)
            if pack is not None and amount is not None and amount < least:
                yield BelowLaw(type_facts(kind), name or "", pack, amount, least, rule)


def _yearly(
    kind: AbsenceType, version: AbsenceTypeVersion | None, plan: EntitlementPlan | None, rule: LawRule
) -> int | None:
    """What it gives to all whom the rule means for a full year of full employment; None: it keeps no entitlement.

    The portal knows nobody's age, so of a rule by age it is what everybody gets. How long somebody is here it knows.
    """
    if plan is None:
        return rules_in(version or kind).yearly_entitlement
    milestones = plan_in(plan, kind.counting).milestones
    if rule.key is not RuleKey.LEAST_LEAVE_AFTER_SERVICE or rule.years is None:
        return min(one.yearly_amount for one in milestones)
    since = date(2000, 1, 1)
    served = months_later(since, 12 * rule.years)
    return min(
        plan_in(plan, kind.counting).yearly_amount(since, day)
        for day in (served, *(one.reached_on(since) for one in milestones))
        if day >= served
    )
