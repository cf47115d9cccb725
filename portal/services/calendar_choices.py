"""What a calendar can be narrowed to: the company's sites and its types of absence."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, literal, select, union_all

from portal.db import UnitOfWork
from portal.models.absence_type import AbsenceType
from portal.models.team import Site
from portal.services.balances import TypeFacts


def choices(uow: UnitOfWork) -> tuple[list[TypeFacts], list[tuple[UUID, str]]]:
    """The types and sites to filter by: one statement. Their names are no secret; who is away for what may be."""
    nothing = literal(None, Text)
    query = union_all(
        select(literal("site"), Site.id, Site.name, nothing, nothing, nothing),
        select(
            literal("type"), *(getattr(AbsenceType, name) for name in ("id", "name", "key", "code", "colour"))
        ),
    )
    types, sites = [], []
    for what, row_id, name, key, code, colour in uow.session.execute(query):
        if what == "site":
            sites.append((row_id, name))
        else:
            types.append(TypeFacts(row_id, key, name, code, colour))
    return sorted(types, key=lambda one: one.name), sorted(sites, key=lambda one: one[1].casefold())
