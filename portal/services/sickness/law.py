"""How long in a row the law at a site has the employer pay somebody who is ill, where its pack knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.law_packs.rules import RuleKey
from portal.domain.law_packs.shelf import PACKS, find_rule, pack_of
from portal.models.law_pack_choice import LawPackChoice
from portal.services.holiday_book import HolidayBook, book_of
from portal.services.holiday_days import Region
from portal.services.holiday_effects import regions_of_sites


@dataclass(frozen=True)
class SickPay:
    """By the pack that each site runs: that of its country on the day, or the one that somebody chose for it."""

    book: HolidayBook
    regions: Mapping[UUID | None, Region]
    chosen: Mapping[UUID | None, str]

    def days(self, site_id: UUID | None, day: date) -> int | None:
        if site_id in self.chosen:
            pack = PACKS.get(self.chosen[site_id])
        else:
            country, _subdivision = self.book.place_on(self.regions[site_id], day)
            pack = pack_of(country)
        rule = find_rule(pack, RuleKey.SICK_PAY, day) if pack is not None else None
        return rule.value if rule is not None and isinstance(rule.value, int) else None


def sick_pay(uow: UnitOfWork) -> SickPay:
    """Three statements, however many sites there are."""
    choices = uow.session.execute(select(LawPackChoice.site_id, LawPackChoice.pack))
    return SickPay(book_of(uow), regions_of_sites(uow), {row.site_id: row.pack for row in choices})
