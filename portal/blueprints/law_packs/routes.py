"""The page of packs: which site runs which, and what stands in them."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.law_packs import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import law_packs
from portal.web.guards import requires


@blueprint.get("/c/<company>/law-packs")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def index(uow: UnitOfWork) -> str:
    return render_template("law_packs/index.html", law=law_packs.in_force(uow))
