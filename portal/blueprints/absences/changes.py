"""Changing one's own request while nobody has decided it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.change_forms import RangeChangeForm, day_changes, range_change
from portal.blueprints.absences.forms import DaysForm
from portal.blueprints.absences.own import outlook_of, show_refusal
from portal.db import UnitOfWork
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_changes, absence_requests
from portal.services.absence_wishes import OpenDate, Preview, Wish
from portal.web.guards import requires
from portal.web.htmx import form_answer, wants_fragment

_WEEK = timedelta(days=7)


@blueprint.get("/c/<company>/absences/<uuid:absence_id>/change")
@requires(Permission.ABSENCE_REQUEST)
def change_form(uow: UnitOfWork, absence_id: UUID) -> str:
    return render_template(
        "absences/change.html", **_page(uow, absence_id, fresh=True), preview=None, outlook=None
    )


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/change/preview")
@requires(Permission.ABSENCE_REQUEST)
def preview_change(uow: UnitOfWork, absence_id: UUID) -> str:
    page = _page(uow, absence_id)
    found = _price(uow, absence_id, page["form"]) if page["form"].validate() else None
    template = "absences/_preview.html" if wants_fragment() else "absences/change.html"
    seen = outlook_of(uow, found, movable=False)
    return render_template(template, **page, preview=found, outlook=seen)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/change")
@requires(Permission.ABSENCE_REQUEST)
def change(uow: UnitOfWork, absence_id: UUID) -> Response:
    page = _page(uow, absence_id)
    form = page["form"]
    found = None
    if form.validate():
        try:
            wish = chosen_wish(form)
            if wish is not None:
                absence_changes.change(uow, absence_id, wish, version=form.version.data)
                flash(_("Your request is changed."), "success")
                return redirect(url_for("absences.show", absence_id=absence_id), 303)
        except Refusal as refusal:
            found = _price(uow, absence_id, form)
            if not form.errors:
                show_refusal(form, refusal)
    seen = outlook_of(uow, found, movable=False)
    return form_answer("absences/change.html", **page, preview=found, outlook=seen)


def _page(uow: UnitOfWork, absence_id: UUID, *, fresh: bool = False) -> dict[str, Any]:
    absence, wish = absence_changes.wish_of(uow, absence_id)
    return {"absence": absence, **other_days(uow, wish, absence.version, fresh=fresh)}


def other_days(uow: UnitOfWork, wish: Wish, version: int, *, fresh: bool) -> dict[str, Any]:
    """A range, or single days with a week on either side: as the request was made."""
    dates: list[OpenDate] = []
    form: RangeChangeForm | DaysForm
    if wish.days and wish.days[0].part is not Part.FROM_TO:
        dates = absence_requests.dates_between(uow, wish.start_date - _WEEK, wish.end_date + _WEEK)
        form = day_changes([one.date for one in dates if one.worked], wish if fresh else None, version)
    else:
        form = range_change(wish if fresh else None, version)
        if not absence_requests.takes_hours(uow):
            del form.starts_at, form.ends_at
    return {"form": form, "dates": dates}


def _price(uow: UnitOfWork, absence_id: UUID, form: RangeChangeForm | DaysForm) -> Preview | None:
    try:
        wish = chosen_wish(form)
        return absence_changes.preview(uow, absence_id, wish) if wish is not None else None
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def chosen_wish(form: RangeChangeForm | DaysForm) -> Wish | None:
    """Without a type: it stays what it was. None, with a sentence, where no day was chosen."""
    try:
        return form.wish(UUID(int=0))
    except Refusal as refusal:
        if refusal.reason is not Reason.MISSING:
            raise
        form.form_errors.append(_("Please choose at least one day."))
        return None
