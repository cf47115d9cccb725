"""Asking to give up approved time off where somebody has to agree, and not agreeing to it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.approvals import without_reason
from portal.blueprints.absences.forms import StepForm
from portal.blueprints.absences.own import seen_version
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_cancellations
from portal.web.guards import requires, signed_in


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/cancellation-request")
@requires(Permission.ABSENCE_REQUEST)
def ask_to_cancel(uow: UnitOfWork, absence_id: UUID) -> Response:
    form = StepForm()
    version = seen_version(form)
    absence_cancellations.ask(uow, absence_id, version=version, note=form.note.data or "")
    flash(_("Asked. Until somebody agrees, your time off stays as it is."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/cancellation-request/withdrawal")
@requires(Permission.ABSENCE_REQUEST)
def take_back_cancel_request(uow: UnitOfWork, absence_id: UUID) -> Response:
    absence_cancellations.take_back(uow, absence_id, version=seen_version(StepForm()))
    flash(_("Your time off stays, and nobody is asked any more."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/cancellation-request/refusal")
@signed_in
def keep(uow: UnitOfWork, absence_id: UUID) -> Response:
    form = StepForm()
    version = seen_version(form)
    try:
        absence_cancellations.keep(uow, absence_id, version=version, note=form.note.data or "")
    except Refusal as refusal:
        if refusal.reason is not Reason.REJECTION_NEEDS_NOTE:
            raise
        return without_reason(uow, absence_id, refusal)
    flash(_("The time off stays as it was."), "success")
    return redirect(url_for("absences.approvals"), 303)
