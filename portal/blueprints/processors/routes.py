"""The register as a company reads it, and its answers."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.blueprints.processors import blueprint
from portal.db import UnitOfWork
from portal.domain.incidents import ProcessorAnswerKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import processors
from portal.web.form_refusals import refused_form
from portal.web.guards import also_when_over, requires


class AnswerForm(FlaskForm):
    """The note of the card that was sent; the cards have no form object of their own."""

    note = TextAreaField()


@blueprint.get("/c/<company>/processors")
@requires(Permission.COMPANY_EDIT)
def index(uow: UnitOfWork) -> str:
    return render_template("processors/index.html", processors=processors.list_for_company(uow), form=None)


@blueprint.post("/c/<company>/processors/<uuid:processor_id>/answer")
@requires(Permission.COMPANY_EDIT)
@also_when_over
def answer(uow: UnitOfWork, processor_id: UUID) -> Response:
    form, processor = AnswerForm(), processors.find(uow, processor_id)
    try:
        kind = ProcessorAnswerKind(request.form.get("answer", ""))
    except ValueError:
        abort(400)
    try:
        processors.answer(uow, processor, kind, (form.note.data or "").strip())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        lines = processors.list_for_company(uow)
        return refused_form("processors/index.html", form, refusal, processors=lines, at=processor_id)
    flash(_("Your answer is kept, and the operator sees it."), "success")
    return redirect(url_for("processors.index"), code=303)
