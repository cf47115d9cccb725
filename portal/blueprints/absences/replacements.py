"""Asking for other days instead of an approved absence of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.change_forms import RangeChangeForm
from portal.blueprints.absences.changes import chosen_wish, other_days
from portal.blueprints.absences.forms import DaysForm
from portal.blueprints.absences.own import outlook_of, show_refusal
from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import absence_replacements
from portal.services.absence_replacements import Comparison
from portal.web.guards import requires
from portal.web.htmx import form_answer, wants_fragment
from portal.web.once_form import OnceForm

_WEEK = timedelta(days=7)


@blueprint.get("/c/<company>/absences/<uuid:absence_id>/replacement")
@requires(Permission.ABSENCE_REQUEST)
def replace_form(uow: UnitOfWork, absence_id: UUID) -> str:
    page = _page(uow, absence_id, fresh=True)
    return render_template("absences/replace.html", **page, **_nothing())


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/replacement/preview")
@requires(Permission.ABSENCE_REQUEST)
def preview_replacement(uow: UnitOfWork, absence_id: UUID) -> str:
    page = _page(uow, absence_id)
    found = _price(uow, absence_id, page["form"]) if page["form"].validate() else None
    template = "absences/_replacement.html" if wants_fragment() else "absences/replace.html"
    return render_template(template, **page, **_seen(uow, found))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/replacement")
@requires(Permission.ABSENCE_REQUEST)
def replace(uow: UnitOfWork, absence_id: UUID) -> Response:
    page = _page(uow, absence_id)
    form, once = page["form"], page["once"]
    found = None
    if form.validate() and once.validate():
        try:
            wish = chosen_wish(form)
            if wish is not None:
                asked = absence_replacements.ask(uow, once.once, absence_id, wish, version=form.version.data)
                return _sent(asked.id, asked.status)
        except Refusal as refusal:
            found = _price(uow, absence_id, form)
            if not form.errors:
                show_refusal(form, refusal)
    return form_answer("absences/replace.html", **page, **_seen(uow, found))


def _sent(absence_id: UUID, status: AbsenceStatus) -> Response:
    if status is AbsenceStatus.REQUESTED:
        said = _("Your change is sent. Until somebody decides, everything stays as it was.")
    else:
        said = _("Your time off is changed. Nobody has to approve that.")
    flash(said, "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


def _page(uow: UnitOfWork, absence_id: UUID, *, fresh: bool = False) -> dict[str, Any]:
    once = OnceForm()
    once.give_key()
    absence, wish = absence_replacements.wish_of(uow, absence_id)
    days = other_days(uow, wish, absence.version, fresh=fresh)
    return {"absence": absence, "once": once, **days}


def _price(uow: UnitOfWork, absence_id: UUID, form: RangeChangeForm | DaysForm) -> Comparison | None:
    try:
        wish = chosen_wish(form)
        return absence_replacements.preview(uow, absence_id, wish) if wish is not None else None
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def _nothing() -> dict[str, Any]:
    return {"compared": None, "preview": None, "outlook": None}


def _seen(uow: UnitOfWork, found: Comparison | None) -> dict[str, Any]:
    if found is None:
        return _nothing()
    outlook = outlook_of(uow, found.preview, movable=False)
    return {"compared": found, "preview": found.preview, "outlook": outlook}
