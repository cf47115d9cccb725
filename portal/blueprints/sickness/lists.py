"""The reports that somebody may see: what waits to be accepted, who is away today, all."""

from __future__ import annotations

from flask import render_template, request

from portal.blueprints.sickness import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services.sickness import lists
from portal.services.sickness.lists import Show
from portal.web.guards import requires


@blueprint.get("/c/<company>/sickness")
@requires(Permission.SICKNESS_VIEW)
def index(uow: UnitOfWork) -> str:
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.WAITING
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    found = lists.list_reports(uow, show, page)
    return render_template("sickness/index.html", found=found, show=show, number=page, size=lists.PAGE_SIZE)
