"""The page of findings."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.data_health import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import data_health, entitlements
from portal.web.guards import requires


@blueprint.get("/c/<company>/data-health")
@requires(Permission.LEDGER_ADJUST)
def index(uow: UnitOfWork) -> str:
    return render_template("data_health/index.html", health=data_health.check(uow))


@blueprint.post("/c/<company>/data-health/grants")
@requires(Permission.LEDGER_ADJUST)
def grant_all(uow: UnitOfWork) -> Response:
    """What one press a person would do, for everybody who is without; again, it finds nobody."""
    count = entitlements.grant_year_within_reach(uow, uow.today().year)
    said = ngettext("%(num)s entitlement is granted.", "%(num)s entitlements are granted.", count)
    flash(said if count else _("There is nothing to grant."), "success" if count else "info")
    return redirect(url_for("data_health.index"), 303)
