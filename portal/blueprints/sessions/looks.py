"""Who looked at one's own protected values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from portal.blueprints.sessions import blueprint
from portal.db import UnitOfWork
from portal.services import sealed_reads
from portal.services.sealed_reads import Look
from portal.web.audit_facts import VALUES
from portal.web.audit_values import visible
from portal.web.guards import signed_in

_ON_A_PAGE = 50
_LAST_NUMBER = 2_147_483_647


@dataclass(frozen=True)
class LookLine:
    """A look in the reader's words."""

    at: datetime
    who: str
    email: str
    what: str
    roles: str
    source: str


@blueprint.get("/c/<company>/sessions/looks")
@signed_in
def looks(uow: UnitOfWork) -> str:
    """All of them, page by page."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= _LAST_NUMBER:
        before = None
    found = sealed_reads.list_mine(uow, before=before, limit=_ON_A_PAGE)
    return render_template(
        "sessions/looks.html",
        looks=[line(one) for one in found.looks],
        older_than=found.older_than,
        before=before,
    )


def line(look: Look) -> LookLine:
    return LookLine(
        look.at,
        visible(look.name),
        visible(look.email),
        _said("column", look.column),
        ", ".join(_said("roles", role) for role in look.roles),
        _said("source", look.source) if look.source else "",
    )


def _said(fact: str, value: str) -> str:
    return visible(VALUES[fact].get(value, value))
