"""All types of absence, and one with its history."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from portal.blueprints.absence_types import blueprint
from portal.blueprints.absence_types.forms import NewTypeForm, look_form, rules_form
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import absence_types
from portal.web.guards import requires


@blueprint.get("/c/<company>/absence-types")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def index(uow: UnitOfWork) -> str:
    return render_template("absence_types/index.html", types=absence_types.list_all(uow))


@blueprint.get("/c/<company>/absence-types/new")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def new(_uow: UnitOfWork) -> str:
    return render_template("absence_types/new.html", form=NewTypeForm())


@blueprint.get("/c/<company>/absence-types/<uuid:absence_type_id>")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def edit(uow: UnitOfWork, absence_type_id: UUID) -> str:
    shown = absence_types.get_type(uow, absence_type_id)
    return render_template(
        "absence_types/edit.html",
        shown=shown,
        look=look_form(shown),
        rules=rules_form(shown, uow.today()),
    )
