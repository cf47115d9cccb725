"""The month of a team. The address holds the team and the month; everything else is worked out."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from portal.blueprints.calendar import blueprint
from portal.blueprints.calendar.page import calendar_page
from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import team_calendar
from portal.web.guards import requires
from portal.web.months import asked_month


@blueprint.get("/c/<company>/calendar")
@requires(Permission.CALENDAR_VIEW)
def index(uow: UnitOfWork) -> str:
    today = uow.today()
    month = asked_month() or Month.of(today)
    found = team_calendar.team_month(uow, month, _team_id(request.args.get("team")))
    return render_template("calendar/index.html", page=calendar_page(found, today))


def _team_id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None
