"""Who must agree to absences of a type: the steps by date, and laying down new ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absence_types import blueprint
from portal.blueprints.absence_types.approval_forms import PLACES, RejectionForm, StepsForm
from portal.db import UnitOfWork
from portal.domain.approvals import SubjectKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_types
from portal.services.approvals import rejections, rules
from portal.web import approval_words
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/absence-types/<uuid:absence_type_id>/approval")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def approval(uow: UnitOfWork, absence_type_id: UUID) -> str:
    return _show(uow, absence_type_id, SubjectKind.ABSENCE)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/approval")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_approval(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    return _change(uow, absence_type_id, SubjectKind.ABSENCE)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/approval/reason")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_rejection(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    rejections.ask_for_reason(uow, absence_type_id, needed=bool(RejectionForm().needed.data))
    flash(_("Saved."), "success")
    return redirect(url_for("absence_types.approval", absence_type_id=absence_type_id), 303)


@blueprint.get("/c/<company>/absence-types/<uuid:absence_type_id>/overtime/approval")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def overtime_approval(uow: UnitOfWork, absence_type_id: UUID) -> str:
    return _show(uow, absence_type_id, SubjectKind.OVERTIME)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/overtime/approval")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_overtime_approval(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    return _change(uow, absence_type_id, SubjectKind.OVERTIME)


def _show(uow: UnitOfWork, absence_type_id: UUID, kind: SubjectKind) -> str:
    page = _page(uow, absence_type_id, kind)
    form = StepsForm(formdata=None, data={"valid_from": uow.today()})
    form.offer(page["named"], agrees_alone=not page["of_overtime"])
    current = next((line for line in page["lines"] if line.current), None)
    form.put(current.steps if current else [], page["named"])
    return render_template("absence_types/approval.html", form=form, **page)


def _change(uow: UnitOfWork, absence_type_id: UUID, kind: SubjectKind) -> Response:
    page = _page(uow, absence_type_id, kind)
    form = StepsForm()
    form.offer(page["named"], agrees_alone=not page["of_overtime"])
    typed_well = form.validate()
    steps = form.steps(lambda email, field: rules.person_called(uow, email, field=field))
    if typed_well and not form.errors:
        try:
            rules.change(uow, absence_type_id, steps, valid_from=form.valid_from.data, kind=kind)
        except Refusal as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            put_refusal(form, refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(page["address"], 303)
    return form_answer("absence_types/approval.html", form=form, **page)


def _page(uow: UnitOfWork, absence_type_id: UUID, kind: SubjectKind) -> dict[str, Any]:
    shown = absence_types.get_type(uow, absence_type_id)
    lines = rules.history(uow, absence_type_id, kind=kind)
    of_overtime = kind is SubjectKind.OVERTIME
    if of_overtime and shown.overtime is None:
        raise Refusal(Reason.NOT_FOUND)
    page = "overtime_approval" if of_overtime else "approval"
    return {
        "shown": shown,
        "lines": lines,
        "named": rules.named(uow, lines),
        "places": PLACES,
        "said": approval_words,
        "of_overtime": of_overtime,
        "rejection": RejectionForm(
            formdata=None, data={"needed": rejections.is_needed(uow, absence_type_id)}
        ),
        "address": url_for(f"absence_types.{page}", absence_type_id=absence_type_id),
    }
