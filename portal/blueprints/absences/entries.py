"""Entering an absence for somebody else."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import WishForm
from portal.blueprints.absences.own import outlook_of, show_refusal, wish_form
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import absence_entries
from portal.services.absence_wishes import Preview
from portal.web.guards import requires
from portal.web.htmx import form_answer, wants_fragment


@blueprint.get("/c/<company>/people/<uuid:employee_id>/absences/new")
@requires(Permission.ABSENCE_ENTER)
def new_entry(uow: UnitOfWork, employee_id: UUID) -> str:
    person = absence_entries.person_for(uow, employee_id)
    return render_template("absences/enter.html", person=person, form=_form(uow), preview=None, outlook=None)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/absences/preview")
@requires(Permission.ABSENCE_ENTER)
def preview_entry(uow: UnitOfWork, employee_id: UUID) -> str:
    person = absence_entries.person_for(uow, employee_id)
    form = _form(uow)
    found = _price(uow, employee_id, form) if form.validate() else None
    template = "absences/_preview.html" if wants_fragment() else "absences/enter.html"
    seen = outlook_of(uow, found, movable=False)
    return render_template(template, person=person, form=form, preview=found, outlook=seen)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/absences")
@requires(Permission.ABSENCE_ENTER)
def enter(uow: UnitOfWork, employee_id: UUID) -> Response:
    person = absence_entries.person_for(uow, employee_id)
    form = _form(uow)
    priced: Preview | None = None
    if form.validate():
        try:
            absence = absence_entries.enter(
                uow, form.once, employee_id, form.wish(), breaches_seen=bool(form.breaches_seen.data)
            )
        except Refusal as refusal:
            priced = _price(uow, employee_id, form)
            if not form.errors:
                show_refusal(form, refusal)
        else:
            flash(_("The absence is entered, and %(name)s is told.", name=person.name), "success")
            return redirect(url_for("absences.show", absence_id=absence.id), 303)
    seen = outlook_of(uow, priced, movable=False)
    return form_answer("absences/enter.html", person=person, form=form, preview=priced, outlook=seen)


def _price(uow: UnitOfWork, employee_id: UUID, form: WishForm) -> Preview | None:
    try:
        return absence_entries.preview(uow, employee_id, form.wish())
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def _form(uow: UnitOfWork) -> WishForm:
    """Who covers is named afterwards, on the page of the absence."""
    form = wish_form(uow)
    form.ask_not()
    return form
