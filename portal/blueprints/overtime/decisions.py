"""Deciding about overtime that others have proposed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.overtime import blueprint
from portal.blueprints.overtime.forms import DecisionForm
from portal.blueprints.overtime.routes import seen_version, without_reason
from portal.db import UnitOfWork
from portal.domain.overtime import OvertimeStatus
from portal.domain.refusals import Reason, Refusal
from portal.services import overtime
from portal.web.guards import signed_in


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/approval")
@signed_in
def approve(uow: UnitOfWork, overtime_credit_id: UUID) -> Response:
    form = DecisionForm()
    row = overtime.approve(uow, overtime_credit_id, version=seen_version(form), note=form.note.data or "")
    booked = row.status is OvertimeStatus.BOOKED
    said = _("The overtime is booked as time off.") if booked else _("You have agreed. Others still have to.")
    flash(said, "success")
    return redirect(url_for("overtime.index"), 303)


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/rejection")
@signed_in
def decline(uow: UnitOfWork, overtime_credit_id: UUID) -> Response:
    form = DecisionForm()
    version, note = seen_version(form), form.note.data or ""
    try:
        overtime.decline(uow, overtime_credit_id, version=version, note=note)
    except Refusal as refusal:
        if refusal.reason is not Reason.REJECTION_NEEDS_NOTE:
            raise
        return without_reason(uow, overtime_credit_id, refusal)
    flash(_("The overtime is declined."), "success")
    return redirect(url_for("overtime.index"), 303)
