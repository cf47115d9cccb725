"""My shifts."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.shifts import blueprint
from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.services import own_shifts
from portal.web.guards import signed_in
from portal.web.months import asked_month


@blueprint.get("/c/<company>/shifts")
@signed_in
def index(uow: UnitOfWork) -> str:
    """Of a month, on the person's own clock."""
    month = asked_month() or Month.of(uow.clock.today(uow.zone))
    return render_template("shifts/index.html", month=month, own=own_shifts.own_month(uow, month))
