"""Shows all that the person may set up, on one page."""

from flask import render_template

from portal.blueprints.settings import blueprint
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import access
from portal.web.guards import signed_in
from portal.web.places import SETS_UP


@blueprint.get("/c/<company>/administration")
@signed_in
def index(uow: UnitOfWork) -> str:
    if not any(access.can(uow, permission) for permission in SETS_UP):
        raise Refusal(Reason.NOT_PERMITTED)
    return render_template("settings/index.html")
