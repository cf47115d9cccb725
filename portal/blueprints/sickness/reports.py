"""Reporting: "I am ill", and for somebody else."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response
from wtforms.fields.choices import SelectChoice

from portal.blueprints.sickness import blueprint
from portal.blueprints.sickness.forms import ReportForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.sickness import reporting
from portal.services.sickness.reporting import SickPreview
from portal.web import absence_words, sickness_words
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer, wants_fragment

_NOT_SHOWN = (Reason.NOT_FOUND, Reason.NOT_PERMITTED)


@blueprint.get("/c/<company>/sickness/new")
@requires(Permission.ABSENCE_REQUEST)
def new(uow: UnitOfWork) -> str:
    return _fresh(uow, None)


@blueprint.post("/c/<company>/sickness/preview")
@requires(Permission.ABSENCE_REQUEST)
def preview(uow: UnitOfWork) -> str:
    return _preview(uow, None)


@blueprint.post("/c/<company>/sickness")
@requires(Permission.ABSENCE_REQUEST)
def report(uow: UnitOfWork) -> Response:
    return _report(uow, None)


@blueprint.get("/c/<company>/people/<uuid:employee_id>/sickness/new")
@requires(Permission.SICKNESS_REPORT)
def new_for(uow: UnitOfWork, employee_id: UUID) -> str:
    return _fresh(uow, employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/sickness/preview")
@requires(Permission.SICKNESS_REPORT)
def preview_for(uow: UnitOfWork, employee_id: UUID) -> str:
    return _preview(uow, employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/sickness")
@requires(Permission.SICKNESS_REPORT)
def report_for(uow: UnitOfWork, employee_id: UUID) -> Response:
    return _report(uow, employee_id)


def _fresh(uow: UnitOfWork, employee_id: UUID | None) -> str:
    today = uow.today()
    form = _form(uow, ReportForm(formdata=None, data={"start_date": today, "end_date": today}))
    return render_template("sickness/new.html", **_page(uow, employee_id, form, None))


def _preview(uow: UnitOfWork, employee_id: UUID | None) -> str:
    form = _form(uow, ReportForm())
    found = _price(uow, employee_id, form) if form.validate() else None
    template = "sickness/_preview.html" if wants_fragment() else "sickness/new.html"
    return render_template(template, **_page(uow, employee_id, form, found))


def _report(uow: UnitOfWork, employee_id: UUID | None) -> Response:
    form = _form(uow, ReportForm())
    if form.validate():
        try:
            reported = reporting.report(uow, form.once, form.wish(), employee_id)
        except Refusal as refusal:
            _show(form, refusal)
        else:
            own = reported.absence.employee_id == uow.actor.employee_id
            said = _("It is noted, get well soon. Your manager knows that you are away.") if own else ""
            said = said or _("It is noted, and the person is told.")
            flash(f"{said} {sickness_words.given_way(reported.displaced)}".strip(), "success")
            return redirect(url_for("absences.show", absence_id=reported.absence.id), 303)
    return form_answer("sickness/new.html", **_page(uow, employee_id, form, None))


def _price(uow: UnitOfWork, employee_id: UUID | None, form: ReportForm) -> SickPreview | None:
    try:
        return reporting.preview(uow, form.wish(), employee_id)
    except Refusal as refusal:
        _show(form, refusal)
        return None


def _show(form: ReportForm, refusal: Refusal) -> None:
    if refusal.reason in _NOT_SHOWN:
        raise refusal
    put_refusal(form, refusal)


def _page(
    uow: UnitOfWork, employee_id: UUID | None, form: ReportForm, found: SickPreview | None
) -> dict[str, object]:
    person = reporting.person_for(uow, employee_id)
    return {"person": person, "own": person.id == uow.actor.employee_id, "form": form, "preview": found}


def _form(uow: UnitOfWork, form: ReportForm) -> ReportForm:
    form.absence_type_id.choices = [
        SelectChoice(str(one.id), absence_words.type_label(one)) for one in reporting.kinds(uow)
    ]
    form.give_key()
    return form
