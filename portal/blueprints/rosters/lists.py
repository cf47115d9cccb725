"""The teams' rosters of a month, and one roster as a grid."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.rosters import blueprint
from portal.blueprints.rosters.forms import DraftForm, read, read_month
from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import roster_grid, rosters
from portal.services.freed_shifts import holes
from portal.web.guards import requires
from portal.web.roster_grid import roster_page


@blueprint.get("/c/<company>/rosters")
@requires(Permission.ROSTER_VIEW)
def index(uow: UnitOfWork) -> str | Response:
    """The list; an address that also names a team leads to its roster where there is one."""
    month = read_month(request.args.get("month"), uow.today())
    lines = rosters.list_month(uow, month)
    team_id = request.args.get("team")
    for line in lines:
        if team_id == str(line.team_id) and line.roster_id is not None:
            return redirect(url_for("rosters.show", roster_id=line.roster_id), 303)
    return render_template("rosters/index.html", month=month, lines=lines)


@blueprint.post("/c/<company>/rosters")
@requires(Permission.ROSTER_EDIT)
def create(uow: UnitOfWork) -> Response:
    form = DraftForm()
    if not form.validate():
        raise Refusal(Reason.NOT_FOUND)
    roster_id = rosters.create(uow, read(UUID, form.team_id.data), read(Month.parse, form.month.data))
    flash(_("The draft is ready. Nobody but planners sees it until you publish it."), "success")
    return redirect(url_for("rosters.show", roster_id=roster_id), 303)


@blueprint.get("/c/<company>/rosters/<uuid:roster_id>/")
@requires(Permission.ROSTER_VIEW)
def show(uow: UnitOfWork, roster_id: UUID) -> str:
    """Planners see the draft, everybody else what was published last.

    The slash at the end lets the rows link to people/<id>, which makes the page a tenth smaller.
    """
    facts = rosters.get_roster(uow, roster_id)
    grid = roster_grid.read_grid(uow, facts, draft=facts.may_edit)
    page = roster_page(grid, uow.today())
    fallen_open = holes.open_in(uow, facts.id, facts.zone) if facts.may_edit else []
    return render_template("rosters/show.html", roster=facts, grid=grid, page=page, fallen_open=fallen_open)
