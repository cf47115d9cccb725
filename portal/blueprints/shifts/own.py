"""My shifts."""

from __future__ import annotations

from flask import render_template, request

from portal.blueprints.shifts import blueprint
from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.domain.refusals import Reason, Refusal
from portal.services import own_shifts
from portal.web.guards import signed_in


@blueprint.get("/c/<company>/shifts")
@signed_in
def index(uow: UnitOfWork) -> str:
    """Of a month, on the person's own clock."""
    month = _month(request.args.get("month")) or Month.of(uow.clock.today(uow.zone))
    return render_template("shifts/index.html", month=month, own=own_shifts.own_month(uow, month))


def _month(text: str | None) -> Month | None:
    if not text:
        return None
    try:
        month = Month.parse(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None
    if not 2000 <= month.year <= 2099:
        raise Refusal(Reason.NOT_FOUND)
    return month
