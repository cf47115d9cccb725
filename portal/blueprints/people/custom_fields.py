"""Pages on which HR says which fields of its own the company has."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.field_forms import FieldForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import custom_fields
from portal.web.field_words import GROUPS, KINDS, RETENTION, WHO_SEES
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/fields")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def fields(uow: UnitOfWork) -> str:
    return render_template(
        "people/fields.html",
        fields=custom_fields.list_all(uow),
        kinds=KINDS,
        groups=GROUPS,
        who_sees=WHO_SEES,
        retention=RETENTION,
    )


@blueprint.get("/c/<company>/people/fields/new")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def new_field(_uow: UnitOfWork) -> str:
    return render_template(
        "people/field_new.html", form=FieldForm(formdata=None), side_bar_entry="people.fields"
    )


@blueprint.post("/c/<company>/people/fields")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def create_field(uow: UnitOfWork) -> Response:
    form = FieldForm()
    if not form.validate():
        return form_answer("people/field_new.html", form=form, side_bar_entry="people.fields")
    try:
        custom_fields.create(uow, form.facts())
    except Refusal as refusal:
        return refused_form("people/field_new.html", form, refusal, side_bar_entry="people.fields")
    flash(_("The field is added. It can be filled in on each person's page and by an import."), "success")
    return _to_list()


@blueprint.get("/c/<company>/people/fields/<uuid:field_id>/edit")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def edit_field(uow: UnitOfWork, field_id: UUID) -> str:
    facts = custom_fields.get(uow, field_id)
    form = FieldForm(formdata=None)
    form.fill(facts)
    return render_template("people/field_edit.html", form=form, **_about(field_id, facts))


@blueprint.post("/c/<company>/people/fields/<uuid:field_id>")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def update_field(uow: UnitOfWork, field_id: UUID) -> Response:
    facts = custom_fields.get(uow, field_id)
    form = FieldForm()
    form.kind.data = facts.kind.value
    if not form.validate():
        return form_answer("people/field_edit.html", form=form, **_about(field_id, facts))
    try:
        custom_fields.update(uow, field_id, form.facts(facts.kind))
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return refused_form("people/field_edit.html", form, refusal, **_about(field_id, facts))
    flash(_("The field is saved."), "success")
    return _to_list()


@blueprint.post("/c/<company>/people/fields/<uuid:field_id>/archiving")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def archive_field(uow: UnitOfWork, field_id: UUID) -> Response:
    custom_fields.archive(uow, field_id)
    flash(_("The field is put away. Its values stay and come back with it."), "success")
    return _to_list()


@blueprint.post("/c/<company>/people/fields/<uuid:field_id>/restoring")
@requires(Permission.PEOPLE_FIELDS_MANAGE)
def restore_field(uow: UnitOfWork, field_id: UUID) -> Response:
    custom_fields.restore(uow, field_id)
    flash(_("The field is back."), "success")
    return _to_list()


def _about(field_id: UUID, facts: custom_fields.FieldFacts) -> dict[str, object]:
    return {
        "field_id": field_id,
        "kind": KINDS[facts.kind],
        "facts": facts,
        "side_bar_entry": "people.fields",
    }


def _to_list() -> Response:
    return redirect(url_for("people.fields"), 303)
