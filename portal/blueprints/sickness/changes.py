"""What becomes of a report: accepted, longer, over sooner, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.sickness import blueprint
from portal.blueprints.sickness.forms import LastDayForm, VersionForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.sickness import changing
from portal.services.sickness.reporting import Reported
from portal.web import sickness_words
from portal.web.guards import requires, signed_in
from portal.web.refusals import sentence

#: What a person can put right on the page itself; all of it is said before anything is written.
_SHOWN = {
    Reason.SICKNESS_NOT_LONGER,
    Reason.SICKNESS_NOT_SHORTER,
    Reason.SICKNESS_SPLITS_DAY,
    Reason.SICKNESS_ALREADY_ACCEPTED,
    Reason.ABSENCE_OVERLAPS,
    Reason.ABSENCE_TYPE_RETIRED,
    Reason.NO_EMPLOYMENT,
    Reason.PERIOD_TOO_LONG,
    Reason.DATE_OUT_OF_RANGE,
}


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/acceptance")
@requires(Permission.SICKNESS_MANAGE)
def accept(uow: UnitOfWork, absence_id: UUID) -> Response:
    changing.accept(uow, absence_id, version=_version(VersionForm()))
    flash(_("The report is accepted."), "success")
    if request.args.get("from") == "list":
        return redirect(url_for("sickness.index"), 303)
    return _back(absence_id)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/extension")
@signed_in
def extend(uow: UnitOfWork, absence_id: UUID) -> Response:
    return _change(uow, absence_id, changing.extend, sickness_words.given_way)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/earlier-end")
@signed_in
def end_earlier(uow: UnitOfWork, absence_id: UUID) -> Response:
    return _change(uow, absence_id, changing.end_earlier, sickness_words.come_back)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/report-undoing")
@signed_in
def undo(uow: UnitOfWork, absence_id: UUID) -> Response:
    version = _version(VersionForm())
    try:
        back = changing.undo(uow, absence_id, version=version)
    except Refusal as refusal:
        return _refused(absence_id, refusal)
    said = _("The report is taken back.")
    flash(f"{said} {sickness_words.come_back(back)}".strip(), "success")
    return _back(absence_id)


def _change(
    uow: UnitOfWork,
    absence_id: UUID,
    change: Callable[..., Reported],
    words: Callable[..., str],
) -> Response:
    form = LastDayForm()
    if not form.validate():
        if form.version.errors:
            raise Refusal(Reason.CHANGED_MEANWHILE)
        flash(_("Please choose a date."), "danger")
        return _back(absence_id)
    last_day: date = form.end_date.data
    try:
        done = change(uow, absence_id, last_day, version=form.version.data)
    except Refusal as refusal:
        return _refused(absence_id, refusal)
    said = _("The new last day is saved.")
    flash(f"{said} {words(done.displaced)}".strip(), "success")
    return _back(absence_id)


def _refused(absence_id: UUID, refusal: Refusal) -> Response:
    """Said on the page of the absence, which stands as it was."""
    if refusal.reason not in _SHOWN:
        raise refusal
    flash(sentence(refusal), "danger")
    return _back(absence_id)


def _version(form: VersionForm) -> int:
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    version: int = form.version.data
    return version


def _back(absence_id: UUID) -> Response:
    return redirect(url_for("absences.show", absence_id=absence_id), 303)
