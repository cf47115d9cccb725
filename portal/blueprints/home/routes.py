"""Shows what waits for the person and what comes next."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.home import blueprint
from portal.db import UnitOfWork
from portal.services import home
from portal.web.guards import signed_in


@blueprint.get("/c/<company>/")
@signed_in
def index(uow: UnitOfWork) -> str:
    return render_template("home/index.html", overview=home.overview(uow))
