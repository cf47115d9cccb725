"""Who covers: for whom one covers oneself and what one says to it, and naming somebody for an absence."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.cover_forms import AnswerForm, SubstituteForm
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteAnswer
from portal.services.substitutes import answering, naming
from portal.web.guards import signed_in
from portal.web.refusals import sentence


@blueprint.get("/c/<company>/absences/covering")
@signed_in
def covering(uow: UnitOfWork) -> str:
    return render_template("absences/covering.html", covering=answering.list_covering(uow))


@blueprint.post("/c/<company>/absences/covering/<uuid:substitute_id>/answer")
@signed_in
def answer_cover(uow: UnitOfWork, substitute_id: UUID) -> Response:
    form = AnswerForm()
    if not form.validate():
        raise Refusal(Reason.MISSING, field="answer")
    said = SubstituteAnswer(form.answer.data)
    answering.answer(uow, substitute_id, said)
    can = said is SubstituteAnswer.CAN
    flash(_("Thank you. You cover.") if can else _("Thank you. They can look for somebody else."), "success")
    return redirect(url_for("absences.covering"), 303)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/substitutes")
@signed_in
def add_substitute(uow: UnitOfWork, absence_id: UUID) -> Response:
    """What is wrong is said on the page of the absence, which the form stands on."""
    form = SubstituteForm()
    back = redirect(url_for("absences.show", absence_id=absence_id) + "#cover", 303)
    if not form.validate():
        flash(" ".join(str(one) for several in form.errors.values() for one in several), "danger")
        return back
    try:
        naming.name_one(uow, absence_id, form.substitute.data or "", form.cover_note.data or "")
    except Refusal as refusal:
        if refusal.field is None:
            raise
        flash(sentence(refusal), "danger")
        return back
    flash(_("They are told, and asked whether they can."), "success")
    return back


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/substitutes/<uuid:substitute_id>/removal")
@signed_in
def remove_substitute(uow: UnitOfWork, absence_id: UUID, substitute_id: UUID) -> Response:
    naming.remove(uow, absence_id, substitute_id)
    flash(_("They need not cover any more, and are told."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id) + "#cover", 303)
