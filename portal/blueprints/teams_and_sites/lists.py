"""All teams and sites on one page."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.teams_and_sites import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import teams_and_sites
from portal.web.guards import requires


@blueprint.get("/c/<company>/teams-and-sites")
@requires(Permission.EMPLOYEE_IMPORT)
def index(uow: UnitOfWork) -> str:
    return render_template(
        "teams_and_sites/index.html",
        teams=teams_and_sites.teams(uow),
        sites=teams_and_sites.sites(uow),
        company=uow.company,
    )
