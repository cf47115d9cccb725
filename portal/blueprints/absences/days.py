"""Asking for single days: a stretch is named first, then the days of it are chosen, each with its part."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import DaysForm, SpanForm, days_form, type_choices
from portal.blueprints.absences.own import give_cover, outlook_of, sent, show_refusal
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_requests
from portal.services.absence_wishes import OpenDate, Preview
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/absences/days/new")
@requires(Permission.ABSENCE_REQUEST)
def choose_days(uow: UnitOfWork) -> str:
    span, form, dates = _forms(uow)
    return render_template(
        "absences/days.html", span=span, form=form, dates=dates, preview=None, outlook=None
    )


@blueprint.post("/c/<company>/absences/days/preview")
@requires(Permission.ABSENCE_REQUEST)
def preview_days(uow: UnitOfWork) -> str:
    span, form, dates = _forms(uow)
    found = _price(uow, form) if form is not None and form.validate() else None
    seen = outlook_of(uow, found, movable=False)
    return render_template(
        "absences/days.html", span=span, form=form, dates=dates, preview=found, outlook=seen
    )


@blueprint.post("/c/<company>/absences/days")
@requires(Permission.ABSENCE_REQUEST)
def create_days(uow: UnitOfWork) -> Response:
    span, form, dates = _forms(uow)
    shown: Preview | None = None
    if form is not None and form.validate():
        try:
            return sent(absence_requests.request(uow, form.once, form.wish()).status)
        except Refusal as refusal:
            shown = _price(uow, form)
            if not form.form_errors:
                _show(form, refusal)
    seen = outlook_of(uow, shown, movable=False)
    return form_answer("absences/days.html", span=span, form=form, dates=dates, preview=shown, outlook=seen)


def _forms(uow: UnitOfWork) -> tuple[SpanForm, DaysForm | None, list[OpenDate]]:
    """The stretch, from the address, and the form of its days once it makes sense."""
    span = SpanForm(request.args) if request.args else SpanForm(formdata=None)
    if not request.args or not span.validate():
        return span, None, []
    dates = absence_requests.dates_between(uow, span.first.data, span.last.data)
    form = days_form(one.date for one in dates if one.worked)
    kinds, needs = absence_requests.form_offer(uow)
    form.absence_type_id.choices = type_choices(kinds)
    give_cover(uow, form, asked=needs.substitutes)
    form.give_key()
    return span, form, dates


def _price(uow: UnitOfWork, form: DaysForm) -> Preview | None:
    try:
        return absence_requests.preview(uow, form.wish())
    except Refusal as refusal:
        _show(form, refusal)
        return None


def _show(form: DaysForm, refusal: Refusal) -> None:
    """Of no day chosen the sentence says what to do; all else is a matter of the whole form."""
    if refusal.reason is Reason.MISSING:
        form.form_errors.append(_("Please choose at least one day."))
        return
    show_refusal(form, refusal)
