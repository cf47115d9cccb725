"""The holidays of a site in a year."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from portal.blueprints.holidays import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import holidays
from portal.web.guards import requires


@blueprint.get("/c/<company>/holidays")
@requires(Permission.HOLIDAY_MANAGE)
def index(uow: UnitOfWork) -> str:
    found = holidays.site_year(uow, asked_year(uow), asked_site())
    return render_template("holidays/index.html", found=found)


def asked_site() -> UUID | None:
    """`?site=...`; without one, all of the company."""
    text = request.args.get("site")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None


def asked_year(uow: UnitOfWork) -> int:
    text = request.args.get("year", "")
    if not text:
        return uow.today().year
    if not text.isascii() or not text.isdigit() or len(text) != len("2026"):
        raise Refusal(Reason.NOT_FOUND)
    return int(text)
