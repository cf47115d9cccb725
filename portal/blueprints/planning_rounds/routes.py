"""The list of rounds, a new one, its sheet, deciding by hand, and publishing with a look before."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.planning_rounds import blueprint
from portal.blueprints.planning_rounds.forms import RoundForm, StepForm, choices_in
from portal.blueprints.planning_rounds.page import sheet_page
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.planning_rounds import pricing, publishing, rounds, sheet
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.refusals import sentence


@blueprint.get("/c/<company>/planning-rounds")
@requires(Permission.ABSENCE_ENTER)
def index(uow: UnitOfWork) -> str:
    return render_template("planning_rounds/index.html", rounds=rounds.list_rounds(uow))


@blueprint.get("/c/<company>/planning-rounds/new")
@requires(Permission.ABSENCE_ENTER)
def new(uow: UnitOfWork) -> str:
    return render_template("planning_rounds/new.html", form=_form(uow))


@blueprint.post("/c/<company>/planning-rounds")
@requires(Permission.ABSENCE_ENTER)
def create(uow: UnitOfWork) -> Response:
    form = _form(uow)
    if form.validate():
        try:
            row = rounds.open_round(uow, form.once, form.new_round())
        except Refusal as refusal:
            if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED):
                raise
            put_refusal(form, refusal)
        else:
            flash(_("The round is open. Everybody whom it is about gets a letter."), "success")
            return _to(row.id)
    return form_answer("planning_rounds/new.html", form=form)


@blueprint.get("/c/<company>/planning-rounds/<uuid:planning_round_id>")
@requires(Permission.ABSENCE_ENTER)
def show(uow: UnitOfWork, planning_round_id: UUID) -> str:
    found = sheet.read(uow, planning_round_id)
    return render_template("planning_rounds/show.html", sheet=found, grid=sheet_page(found))


@blueprint.post("/c/<company>/planning-rounds/<uuid:planning_round_id>/choices")
@requires(Permission.ABSENCE_ENTER)
def choose(uow: UnitOfWork, planning_round_id: UUID) -> Response:
    _step()
    changed = rounds.choose(uow, planning_round_id, choices_in(request.form.items()))
    said = ngettext("%(num)s wish is decided anew.", "%(num)s wishes are decided anew.", changed)
    flash(said if changed else _("Nothing to change: it is like that already."), "success")
    return _to(planning_round_id)


@blueprint.get("/c/<company>/planning-rounds/<uuid:planning_round_id>/publishing")
@requires(Permission.ABSENCE_ENTER)
def look(uow: UnitOfWork, planning_round_id: UUID) -> str:
    """What publishing would do to each person; nothing is written."""
    found = sheet.read(uow, planning_round_id)
    if not found.line.open:
        raise Refusal(Reason.ROUND_CLOSED)
    return render_template("planning_rounds/look.html", sheet=found, priced=pricing.price(uow, found))


@blueprint.post("/c/<company>/planning-rounds/<uuid:planning_round_id>/publishing")
@requires(Permission.ABSENCE_ENTER)
def publish(uow: UnitOfWork, planning_round_id: UUID) -> Response:
    publishing.publish(uow, planning_round_id, seen=_step().seen.data or "")
    flash(_("The round is published. Everybody gets one letter with all that was decided."), "success")
    return _to(planning_round_id)


@blueprint.post("/c/<company>/planning-rounds/<uuid:planning_round_id>/undoing")
@requires(Permission.ABSENCE_ENTER)
def undo(uow: UnitOfWork, planning_round_id: UUID) -> Response:
    _step()
    try:
        count = publishing.undo(uow, planning_round_id)
    except Refusal as refusal:
        if refusal.reason is not Reason.ROUND_CLOSED:
            raise
        flash(sentence(refusal), "danger")
    else:
        said = ngettext(
            "Undone: the wishes of %(num)s person are only planned again.",
            "Undone: the wishes of %(num)s people are only planned again.",
            count,
        )
        flash(said, "success")
    return _to(planning_round_id)


@blueprint.post("/c/<company>/planning-rounds/<uuid:planning_round_id>/closing")
@requires(Permission.ABSENCE_ENTER)
def close(uow: UnitOfWork, planning_round_id: UUID) -> Response:
    _step()
    rounds.close(uow, planning_round_id)
    flash(_("The round is given up. What people planned stays planned."), "success")
    return _to(planning_round_id)


def _form(uow: UnitOfWork) -> RoundForm:
    form = RoundForm()
    teams, sites, _everybody = rounds.scopes(uow)
    form.offer(teams, sites)
    form.give_key()
    return form


def _step() -> StepForm:
    form = StepForm()
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return form


def _to(round_id: UUID) -> Response:
    return redirect(url_for("planning_rounds.show", planning_round_id=round_id), 303)
