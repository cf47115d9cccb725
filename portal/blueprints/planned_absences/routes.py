"""Planning days, changing the plan, taking it back, and asking for the days."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.planned_absences import blueprint
from portal.blueprints.planned_absences.forms import ChangeForm, PlanForm, StepForm, values_of
from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_requests
from portal.services.planned_absences import keeping, lists
from portal.services.planning_rounds import rounds
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.once_form import OnceForm


@blueprint.get("/c/<company>/planned-absences")
@requires(Permission.ABSENCE_REQUEST)
def index(uow: UnitOfWork) -> str:
    return render_template(
        "planned_absences/index.html",
        rounds=rounds.open_for(uow),
        plans=lists.list_own(uow),
        once=_once(),
    )


@blueprint.get("/c/<company>/planned-absences/new")
@requires(Permission.ABSENCE_REQUEST)
def new(uow: UnitOfWork) -> str:
    return render_template("planned_absences/new.html", form=_form(uow))


@blueprint.post("/c/<company>/planned-absences")
@requires(Permission.ABSENCE_REQUEST)
def create(uow: UnitOfWork) -> Response:
    form = _form(uow)
    if form.validate():
        try:
            keeping.plan(uow, form.once, form.planned())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(_("Your days are planned. Nothing is asked for yet."), "success")
            return _back()
    return form_answer("planned_absences/new.html", form=form)


@blueprint.get("/c/<company>/planned-absences/<uuid:planned_absence_id>")
@requires(Permission.ABSENCE_REQUEST)
def edit(uow: UnitOfWork, planned_absence_id: UUID) -> str:
    form = _shown(uow, planned_absence_id)
    return render_template("planned_absences/edit.html", form=form, planned_absence_id=planned_absence_id)


@blueprint.post("/c/<company>/planned-absences/<uuid:planned_absence_id>")
@requires(Permission.ABSENCE_REQUEST)
def change(uow: UnitOfWork, planned_absence_id: UUID) -> Response:
    form = ChangeForm()
    form.offer(absence_requests.list_requestable(uow))
    if form.validate():
        try:
            keeping.change(uow, planned_absence_id, form.planned(), version=form.version.data)
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(_("Your plan is changed."), "success")
            return _back()
    keeping.own(uow, planned_absence_id)
    return form_answer("planned_absences/edit.html", form=form, planned_absence_id=planned_absence_id)


@blueprint.post("/c/<company>/planned-absences/<uuid:planned_absence_id>/withdrawal")
@requires(Permission.ABSENCE_REQUEST)
def withdraw(uow: UnitOfWork, planned_absence_id: UUID) -> Response:
    keeping.drop(uow, planned_absence_id, version=_version())
    flash(_("Your plan is taken back."), "success")
    return _back()


@blueprint.post("/c/<company>/planned-absences/<uuid:planned_absence_id>/request")
@requires(Permission.ABSENCE_REQUEST)
def ask_for(uow: UnitOfWork, planned_absence_id: UUID) -> Response:
    """What stands against the request is said at the plan, where it can be changed."""
    try:
        absence = keeping.ask_for(uow, planned_absence_id, version=_version())
    except Refusal as refusal:
        form = _shown(uow, planned_absence_id)
        _show(form, refusal)
        return form_answer(
            "planned_absences/edit.html", form=form, planned_absence_id=planned_absence_id, asked=True
        )
    waits = absence.status is AbsenceStatus.REQUESTED
    said = _("Your request is sent.") if waits else _("Your absence is entered. Nobody has to approve it.")
    flash(said, "success")
    return redirect(url_for("absences.index"), 303)


def _form(uow: UnitOfWork) -> PlanForm:
    """Of the first type where none is asked for: a single day is planned without that question."""
    form = PlanForm()
    form.offer(absence_requests.list_requestable(uow))
    if form.absence_type_id.data is None and form.absence_type_id.choices:
        form.absence_type_id.data = form.absence_type_id.choices[0].value
    form.give_key()
    return form


def _once() -> OnceForm:
    form = OnceForm()
    form.give_key()
    return form


def _shown(uow: UnitOfWork, planned_absence_id: UUID) -> ChangeForm:
    form = ChangeForm(formdata=None, data=values_of(*keeping.shown(uow, planned_absence_id)))
    form.offer(absence_requests.list_requestable(uow))
    return form


def _version() -> int:
    form = StepForm()
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    version: int = form.version.data
    return version


def _show(form: PlanForm, refusal: Refusal) -> None:
    if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED, Reason.CHANGED_MEANWHILE):
        raise refusal
    put_refusal(form, refusal)


def _back() -> Response:
    return redirect(url_for("planned_absences.index"), 303)
