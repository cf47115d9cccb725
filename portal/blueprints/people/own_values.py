"""Values of the company's own fields on one person: filled in by HR or by the person, sealed ones shown on request."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.directory import person_page
from portal.blueprints.people.field_forms import check_values, typed_values, values_form
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations.keys import KeysUnavailable
from portal.services import custom_values
from portal.web.field_words import GROUPS, WHO_SEES, value_in_words
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer, wants_fragment


@blueprint.get("/c/<company>/people/<uuid:employee_id>/details")
@requires(Permission.DIRECTORY_VIEW)
def edit_values(uow: UnitOfWork, employee_id: UUID) -> str:
    editable = custom_values.for_editing(uow, employee_id)
    form = values_form(editable, sent=False)
    return render_template("people/own_values.html", form=form, **_about(employee_id, editable))


@blueprint.post("/c/<company>/people/<uuid:employee_id>/details")
@requires(Permission.DIRECTORY_VIEW)
def update_values(uow: UnitOfWork, employee_id: UUID) -> Response:
    editable = custom_values.for_editing(uow, employee_id)
    form = values_form(editable, sent=True)
    about = _about(employee_id, editable)
    if not check_values(form, editable):
        return form_answer("people/own_values.html", form=form, **about)
    try:
        custom_values.save(uow, employee_id, typed_values(form, editable), seen=form["seen"].data or "")
    except Refusal as refusal:
        if refusal.reason is not Reason.FIELD_VALUE_INVALID:
            raise
        return refused_form("people/own_values.html", form, refusal, **about)
    flash(_("The changes are saved."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/sealed-values/<uuid:field_id>/views")
@requires(Permission.EMPLOYEE_VIEW)
def show_value(uow: UnitOfWork, employee_id: UUID, field_id: UUID) -> Response:
    """The value instead of its button; that it was looked at is on record."""
    try:
        opened = custom_values.show_sealed(uow, employee_id, field_id)
    except KeysUnavailable:
        if wants_fragment():
            return make_response(render_template("people/_sealed_value.html", closed_field=field_id))
        raise
    if wants_fragment():
        fragment = render_template("people/_sealed_value.html", shown=opened, value_in_words=value_in_words)
        return make_response(fragment)
    return make_response(person_page(uow, employee_id, opened=opened))


def _about(employee_id: UUID, editable: custom_values.Editable) -> dict[str, object]:
    return {"employee_id": employee_id, "editable": editable, "groups": GROUPS, "who_sees": WHO_SEES}
