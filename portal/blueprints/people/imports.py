"""Imports people from a file in two steps: what it would change, then the yes."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.forms import ConfirmForm, UploadForm
from portal.db import UnitOfWork
from portal.domain.people_import import Column
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import people_import, scanning
from portal.web.form_refusals import put_refusal, refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.import_words import COLUMNS, PROBLEMS, column_label, value_label

_EXAMPLE = (
    "eve@example.com,Eve,Malá,1001,Nurse,Care,Prague,mats@example.com,2026-03-01,37.5,8 8 8 8 5:30 0 0,"
    "no,+420 601 123 456,cs,employee"
)


@blueprint.get("/c/<company>/people/import")
@requires(Permission.EMPLOYEE_IMPORT)
def import_people(uow: UnitOfWork) -> str:
    return render_template("people/import.html", form=UploadForm(), **_beside(uow))


@blueprint.get("/c/<company>/people/import-template")
@requires(Permission.EMPLOYEE_IMPORT)
def import_template(_uow: UnitOfWork) -> FileResponse:
    """Every heading and one example, with the mark by which spreadsheets know UTF-8."""
    text = "\ufeff" + ",".join(Column) + "\r\n" + _EXAMPLE + "\r\n"
    answer = FileResponse(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


@blueprint.post("/c/<company>/people/import-previews")
@requires(Permission.EMPLOYEE_IMPORT)
def preview_import(uow: UnitOfWork) -> Response | str:
    form = UploadForm()
    if not form.validate():
        return form_answer("people/import.html", form=form, **_beside(uow))
    try:
        name, uploaded = form.file.data.filename or "", form.file.data.read()
        scanning.need_clean(uow, uploaded, file_name=name)
        data = people_import.as_csv(name, uploaded)
        outcome = people_import.preview(uow, data)
        kept = people_import.seal_file(uow, data, outcome.digest) if outcome.is_sound else ""
    except Refusal as refusal:
        return refused_form("people/import.html", form, refusal, **_beside(uow))
    return _shown(outcome, ConfirmForm(formdata=None, kept=kept))


@blueprint.post("/c/<company>/people/imports")
@requires(Permission.EMPLOYEE_IMPORT)
def confirm_import(uow: UnitOfWork) -> Response:
    form = ConfirmForm()
    kept = people_import.open_file(uow, form.kept.data or "")
    try:
        people_import.carry_out(uow, kept.data, digest=kept.digest, invite=bool(form.invite.data))
    except Refusal as refusal:
        if refusal.reason not in {Reason.CHANGED_MEANWHILE, Reason.IMPORT_HAS_ERRORS}:
            raise
        again = UploadForm(formdata=None)
        put_refusal(again, Refusal(Reason.CHANGED_MEANWHILE, field="file"))
        return _refused(uow, again)
    flash(_("The people of the file are taken in."), "success")
    return redirect(url_for("people.index"), 303)


@blueprint.post("/c/<company>/people/imports/<uuid:import_id>/undoing")
@requires(Permission.EMPLOYEE_IMPORT)
def undo_import(uow: UnitOfWork, import_id: UUID) -> Response:
    try:
        people_import.undo(uow, import_id)
    except Refusal as refusal:
        if refusal.reason not in {Reason.IMPORT_CHANGED_SINCE, Reason.IMPORT_PAST_UNDO}:
            raise
        again = UploadForm(formdata=None)
        put_refusal(again, refusal)
        return _refused(uow, again)
    flash(_("The import is undone. Everybody is as before."), "success")
    return redirect(url_for("people.import_people"), 303)


def _beside(uow: UnitOfWork) -> dict[str, object]:
    """What stands beside the form: the columns, and the last import."""
    return {"columns": COLUMNS, "own": people_import.own_columns(uow), "last": people_import.find_last(uow)}


def _refused(uow: UnitOfWork, form: UploadForm) -> Response:
    return Response(
        render_template("people/import.html", form=form, **_beside(uow)), 409, mimetype="text/html"
    )


def _shown(outcome: people_import.Outcome, form: ConfirmForm) -> Response | str:
    """The preview: 200 when it can be confirmed, 422 with every error when not."""
    body = render_template(
        "people/import_preview.html",
        outcome=outcome,
        form=form,
        column_label=column_label,
        value_label=value_label,
        problems=PROBLEMS,
    )
    return body if outcome.is_sound else Response(body, 422, mimetype="text/html")
