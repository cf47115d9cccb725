"""Handing a waiting request over to another approver."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import HandoverForm
from portal.blueprints.absences.own import show_refusal
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.approvals import delegations
from portal.services.approvals import handover as handovers
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/absences/<uuid:absence_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def handover(uow: UnitOfWork, absence_id: UUID) -> str:
    waiting = handovers.show(uow, absence_id)
    form = HandoverForm(formdata=None, data={"version": waiting.version})
    return render_template("absences/handover.html", **_page(uow, waiting, form))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def hand_over(uow: UnitOfWork, absence_id: UUID) -> Response:
    waiting = handovers.show(uow, absence_id)
    form = HandoverForm()
    page = _page(uow, waiting, form)
    if not form.validate():
        if form.version.errors:
            raise Refusal(Reason.CHANGED_MEANWHILE)
        return form_answer("absences/handover.html", **page)
    try:
        handovers.hand_over(uow, absence_id, form.approver_wanted(), version=form.version.data)
    except Refusal as refusal:
        if refusal.reason in (Reason.ALREADY_DECIDED, Reason.CHANGED_MEANWHILE):
            raise
        show_refusal(form, refusal)
        return form_answer("absences/handover.html", **page)
    flash(_("The request is handed over, and letters are on their way."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


def _page(uow: UnitOfWork, waiting: handovers.Waiting, form: HandoverForm) -> dict[str, object]:
    form.offer(waiting.people)
    return {"waiting": waiting, "form": form, "colleagues": delegations.suggestions(uow)}
