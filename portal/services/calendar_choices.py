"""What a calendar can be narrowed to: the company's sites and its types of absence."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Text, Uuid, cast, literal, null, select, union_all

from portal.db import UnitOfWork
from portal.models.absence_type import AbsenceType
from portal.models.team import Site
from portal.services.balances import TypeFacts
from portal.services.holiday_book import keep_book
from portal.services.holiday_rows import DECIDED


def choices(uow: UnitOfWork) -> tuple[list[TypeFacts], list[tuple[UUID, str]]]:
    """The types and sites to filter by, and the book of holidays on the way: one statement.

    Their names are no secret; who is away for what may be.
    """
    none, nothing = cast(null(), Text), cast(null(), JSON)
    named = (AbsenceType.name, AbsenceType.key, AbsenceType.code, AbsenceType.colour)
    query = union_all(
        select(literal("site"), Site.id, Site.name, none, none, none, nothing),
        select(literal("type"), AbsenceType.id, *named, nothing),
        select(literal("book"), cast(null(), Uuid), none, none, none, none, DECIDED),
    )
    types, sites = [], []
    for what, row_id, name, key, code, colour, decided in uow.session.execute(query):
        if what == "site":
            sites.append((row_id, name))
        elif what == "type":
            types.append(TypeFacts(row_id, key, name, code, colour))
        else:
            keep_book(uow, decided)
    return sorted(types, key=lambda one: one.name), sorted(sites, key=lambda one: one[1].casefold())
