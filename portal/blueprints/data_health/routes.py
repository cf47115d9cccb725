"""The page of findings."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.data_health import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import data_health
from portal.web.guards import requires


@blueprint.get("/c/<company>/data-health")
@requires(Permission.LEDGER_ADJUST)
def index(uow: UnitOfWork) -> str:
    return render_template("data_health/index.html", health=data_health.check(uow))
