"""The org chart by line managers or by teams on a day: a branch at a time, or everybody for print."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import render_template, request

from portal.blueprints.people import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import org_chart
from portal.services.org_chart import Branch
from portal.web.guards import requires
from portal.web.htmx import wants_fragment


@blueprint.get("/c/<company>/people/chart")
@requires(Permission.DIRECTORY_VIEW)
def chart(uow: UnitOfWork) -> str:
    day = _day(uow)
    if request.args.get("by") == "teams":
        return render_template(
            "people/chart.html", by="teams", teams=org_chart.teams(uow, day), **_about(uow, day)
        )
    top = org_chart.top(uow, day)
    opened = org_chart.opened(uow, top, day)
    return render_template("people/chart.html", by="managers", branch=top, opened=opened, **_about(uow, day))


@blueprint.get("/c/<company>/people/chart/people/<uuid:employee_id>")
@requires(Permission.DIRECTORY_VIEW)
def chart_below(uow: UnitOfWork, employee_id: UUID) -> str:
    day = _day(uow)
    name, branch = org_chart.below(uow, employee_id, day)
    return _part(uow, day, name, branch, by="managers")


@blueprint.get("/c/<company>/people/chart/teams/<uuid:team_id>")
@requires(Permission.DIRECTORY_VIEW)
def chart_team(uow: UnitOfWork, team_id: UUID) -> str:
    day = _day(uow)
    name, branch = org_chart.members(uow, team_id, day)
    return _part(uow, day, name, branch, by="teams")


@blueprint.get("/c/<company>/people/chart/print")
@requires(Permission.DIRECTORY_VIEW)
def chart_print(uow: UnitOfWork) -> str:
    """Everybody at once, for paper."""
    day = _day(uow)
    return render_template("people/chart_print.html", nodes=org_chart.whole(uow, day), **_about(uow, day))


def _part(uow: UnitOfWork, day: date, name: str, branch: Branch, *, by: str) -> str:
    """The branch alone for htmx, else a page of it."""
    template = "people/_chart_branch.html" if wants_fragment() else "people/chart_part.html"
    return render_template(template, by=by, part=name, branch=branch, **_about(uow, day))


def _about(uow: UnitOfWork, day: date) -> dict[str, object]:
    """The day, and what addresses carry of it: today's need nothing."""
    other = day != uow.today()
    return {"day": day, "other_day": other, "kept": {"on": day.isoformat()} if other else {}}


def _day(uow: UnitOfWork) -> date:
    """The day in the address; what is none there means today."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return uow.today()
