"""Shift templates: the list, a new one, and what may still change in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.rosters import blueprint
from portal.blueprints.rosters.template_form import TemplateForm, form_of
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import shift_templates
from portal.services.shift_templates import TemplateFacts
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer

#: The rule's words for what the form calls starts and ends.
_FIELDS = {"starts_minute": "starts", "ends_minute": "ends"}


@blueprint.get("/c/<company>/shift-templates")
@requires(Permission.ROSTER_EDIT)
def templates(uow: UnitOfWork) -> str:
    return render_template("rosters/templates.html", templates=shift_templates.list_with_use(uow))


@blueprint.get("/c/<company>/shift-templates/new")
@requires(Permission.ROSTER_EDIT)
def new_template(_uow: UnitOfWork) -> str:
    return render_template("rosters/template.html", form=TemplateForm(), shown=None)


@blueprint.post("/c/<company>/shift-templates")
@requires(Permission.ROSTER_EDIT)
def create_template(uow: UnitOfWork) -> Response:
    return _save(None, lambda values: shift_templates.create(uow, **values))


@blueprint.get("/c/<company>/shift-templates/<uuid:template_id>")
@requires(Permission.ROSTER_EDIT)
def edit_template(uow: UnitOfWork, template_id: UUID) -> str:
    template = shift_templates.get_template(uow, template_id)
    return render_template("rosters/template.html", form=form_of(template), shown=template)


@blueprint.post("/c/<company>/shift-templates/<uuid:template_id>")
@requires(Permission.ROSTER_EDIT)
def change_template(uow: UnitOfWork, template_id: UUID) -> Response:
    template = shift_templates.get_template(uow, template_id)
    return _save(template, lambda values: shift_templates.change(uow, template_id, **values))


def _save(template: TemplateFacts | None, save: Callable[[dict[str, Any]], object]) -> Response:
    """303 to the list; 422 with the sentence at the field that the rule is about."""
    form = TemplateForm()
    if not form.validate():
        return form_answer("rosters/template.html", form=form, shown=template)
    try:
        save(_values(form))
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        put_refusal(form, Refusal(refusal.reason, field=_FIELDS.get(refusal.field or "", refusal.field)))
        return form_answer("rosters/template.html", form=form, shown=template)
    flash(_("The shift template is saved."), "success")
    return redirect(url_for("rosters.templates"), 303)


def _values(form: TemplateForm) -> dict[str, Any]:
    return {
        "code": form.code.data,
        "name": form.name.data,
        "colour": form.colour.data,
        "times": form.times(),
    }
