"""Choosing the pack of law that a site is compared with, where it is not that of its country; with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.law_packs.shelf import PACKS, pack_of
from portal.domain.refusals import Reason, Refusal
from portal.models.law_pack_choice import LawPackChoice
from portal.models.team import Site
from portal.services import access, audit
from portal.services.holiday_book import book_of, region_of

LONGEST_REASON = 500
#: Instead of a pack: that of the country, and none at all.
BY_COUNTRY, NO_PACK = "country", "none"


@dataclass(frozen=True)
class SiteChoice:
    """What can be chosen for a site, and what is. `name` is empty for people without a site."""

    site_id: UUID | None
    name: str
    country: str
    #: The name of the country's pack; empty where none is known.
    country_pack: str
    #: Country and name of each pack.
    packs: list[tuple[str, str]]
    chosen: str
    reason: str


def show(uow: UnitOfWork, site_id: UUID | None) -> SiteChoice:
    name, country, subdivision = _site(uow, site_id)
    place, _ = book_of(uow).place_on(region_of(uow, country, subdivision, site_id), uow.today())
    row = _row(uow, site_id)
    pack = pack_of(place)
    return SiteChoice(
        site_id=site_id,
        name=name,
        country=place,
        country_pack=pack.name if pack is not None else "",
        packs=[(one, PACKS[one].name) for one in sorted(PACKS)],
        chosen=BY_COUNTRY if row is None else row.pack or NO_PACK,
        reason=row.reason if row is not None else "",
    )


def choose(uow: UnitOfWork, site_id: UUID | None, chosen: str, reason: str) -> None:
    """From now on; BY_COUNTRY gives up an earlier choice, and needs no reason."""
    _site(uow, site_id)
    row = _row(uow, site_id)
    if chosen == BY_COUNTRY:
        if row is not None:
            uow.session.delete(row)
            audit.record(uow, audit.Action.LAW_PACK_CHOICE_DROPPED, subject=row)
        return
    if chosen != NO_PACK and chosen not in PACKS:
        raise Refusal(Reason.NOT_FOUND)
    if not reason.strip():
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    if row is None:
        row = LawPackChoice(id=uuid4(), site_id=site_id)
        uow.session.add(row)
    row.pack = "" if chosen == NO_PACK else chosen
    row.reason, row.author_id = reason.strip(), uow.actor.employee_id
    audit.record(uow, audit.Action.LAW_PACK_CHOSEN, subject=row)


def _site(uow: UnitOfWork, site_id: UUID | None) -> tuple[str, str | None, str | None]:
    if site_id is None:
        return "", None, None
    site = access.one_or_refuse(uow, select(Site).where(Site.id == site_id))
    return site.name, site.country, site.subdivision


def _row(uow: UnitOfWork, site_id: UUID | None) -> LawPackChoice | None:
    query = select(LawPackChoice).where(LawPackChoice.site_id.is_not_distinct_from(site_id))
    return uow.session.scalars(query.with_for_update(key_share=True)).one_or_none()
