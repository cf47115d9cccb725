"""What is changed in types of absence."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absence_types import blueprint
from portal.blueprints.absence_types.forms import (
    LookForm,
    NewTypeForm,
    look_form,
    rules_form,
    sent_rules,
)
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_types
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.post("/c/<company>/absence-types")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def create(uow: UnitOfWork) -> Response:
    form = NewTypeForm()
    if form.validate():
        try:
            absence_types.create(uow, form.look(), form.rules(), counting=form.counts())
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            if form.sickness.data:
                flash(_("The type is there. People can report sickness now."), "success")
            else:
                flash(_("The type is there. People can ask for it now."), "success")
            return redirect(url_for("absence_types.index"), 303)
    return form_answer("absence_types/new.html", form=form)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_look(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    shown = absence_types.get_type(uow, absence_type_id)
    form = LookForm()
    if shown.built_in:
        form.name.data = shown.facts.name  # it is translated, and the form has no field for it
    if form.validate():
        try:
            absence_types.change_look(uow, absence_type_id, form.look())
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            return _saved(absence_type_id)
    rules = rules_form(shown, uow.today())
    return form_answer("absence_types/edit.html", shown=shown, look=form, rules=rules)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/rules")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_rules(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    shown = absence_types.get_type(uow, absence_type_id)
    form = sent_rules(shown)
    if form.validate():
        try:
            absence_types.change_rules(uow, absence_type_id, form.rules(), valid_from=form.valid_from.data)
        except Refusal as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            put_refusal(form, refusal)
        else:
            return _saved(absence_type_id)
    return form_answer("absence_types/edit.html", shown=shown, look=look_form(shown), rules=form)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/rules/<uuid:rules_id>/removal")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def drop_rules(uow: UnitOfWork, absence_type_id: UUID, rules_id: UUID) -> Response:
    absence_types.drop_planned(uow, absence_type_id, rules_id)
    flash(_("The planned rules are dropped."), "success")
    return redirect(url_for("absence_types.edit", absence_type_id=absence_type_id), 303)


def _saved(absence_type_id: UUID) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for("absence_types.edit", absence_type_id=absence_type_id), 303)
