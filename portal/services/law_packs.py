"""Which pack of law each site runs, by the country that holds there on a day, and where a type gives less than it asks.

It reads only: the country of a site, with its date, is changed on the page of public holidays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import LawPack, LawRule
from portal.domain.law_packs.shelf import RuleChange, changes_after, pack_of, rules_on
from portal.domain.law_packs.worked import least_days, least_minutes
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.employee import Employee, Employment
from portal.models.entitlement_plan import EntitlementPlan
from portal.models.team import Site
from portal.services.absence_letters import VACATION
from portal.services.balances import TypeFacts, type_facts
from portal.services.entitlement_plans import plan_in
from portal.services.entitlements import FULL_WEEK_DAYS, FULL_WEEK_MINUTES
from portal.services.holiday_book import HolidayBook, Region, book_of, region_of
from portal.services.type_rules import rules_in


@dataclass(frozen=True)
class PackFrom:
    """From a day on the pack of this country holds; None: no pack is known of it."""

    day: date
    country: str
    pack: LawPack | None


@dataclass(frozen=True)
class SitePack:
    """What a site runs today and what it will run; without an id, people who have no site."""

    site_id: UUID | None
    name: str
    now: PackFrom
    later: tuple[PackFrom, ...]


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


def in_force(uow: UnitOfWork) -> LawInForce:
    """Two statements, however many sites there are."""
    today, book = uow.today(), book_of(uow)
    found = uow.session.execute(
        select(Site.id, Site.name, Site.country, Site.subdivision).order_by(Site.name)
    )
    sites = [
        _site_pack(book, region_of(uow, country, subdivision, site_id), name, today)
        for site_id, name, country, subdivision in found
    ]
    sites.append(_site_pack(book, region_of(uow, None, None), "", today))
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


def _site_pack(book: HolidayBook, region: Region, name: str, today: date) -> SitePack:
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
        .add_columns(Site.name, Site.country, Site.subdivision)
        .select_from(AbsenceType)
        .join(worked_at, true())
        .outerjoin(Site, Site.id == worked_at.c.site_id)
        .outerjoin(AbsenceTypeVersion, AbsenceTypeVersion.id == _latest(AbsenceTypeVersion, today))
        .outerjoin(EntitlementPlan, EntitlementPlan.id == _latest(EntitlementPlan, today))
        .where(
            AbsenceType.key == VACATION,
            or_(AbsenceType.retired_on.is_(None), AbsenceType.retired_on > today),
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
    for kind, version, plan, site_id, name, country, subdivision in rows:
        region = region_of(uow, country, subdivision, site_id)
        pack = _pack_on(book_of(uow), region, today).pack
        amount = _yearly(kind, version, plan)
        if pack is None or amount is None:
            continue
        if kind.counting is CountingMethod.HOURS:
            least = least_minutes(pack, today, FULL_WEEK_MINUTES)
        else:
            least = least_days(pack, today, FULL_WEEK_DAYS)
        if amount < least:
            yield BelowLaw(type_facts(kind), name or "", pack, amount, least)


def _yearly(
    kind: AbsenceType, version: AbsenceTypeVersion | None, plan: EntitlementPlan | None
) -> int | None:
    """What it gives to everybody for a full year of full employment; None: it keeps no entitlement."""
    if plan is not None:
        return min(milestone.yearly_amount for milestone in plan_in(plan).milestones)
    return rules_in(version or kind).yearly_entitlement
