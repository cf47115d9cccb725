"""Hands out the people of the directory as a file, with the columns that the reader may see of everybody."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from portal.blueprints.people import blueprint
from portal.blueprints.people.directory import asked_for
from portal.blueprints.people.forms import ExportForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import directory, people_export
from portal.web.downloads import csv_answer, workbook_answer
from portal.web.guards import requires
from portal.web.import_words import COLUMNS


@blueprint.get("/c/<company>/people/export")
@requires(Permission.DIRECTORY_VIEW)
def export_people(uow: UnitOfWork) -> str:
    asked = asked_for(request.args)
    form = ExportForm(formdata=None)
    form.keep(asked)
    offered, own = people_export.columns(uow), people_export.own_columns(uow)
    form.offer(
        [(column.value, str(COLUMNS[column])) for column in offered]
        + [(str(one.id), one.name) for one in own]
    )
    form.columns.data = [column.value for column in offered if column not in people_export.SEALED_COLUMNS]
    form.columns.data += [str(field.id) for field in own if not field.is_sealed]
    return render_template("people/export.html", form=form, total=directory.count(uow, asked))


@blueprint.post("/c/<company>/people/exports")
@requires(Permission.DIRECTORY_VIEW)
def export(uow: UnitOfWork) -> Response:
    """The file itself. Columns are taken as they came: one that is not for the reader is refused, not left out."""
    form = ExportForm()
    kind = form.kind.data or ""
    if kind not in ExportForm.KINDS:
        raise Refusal(Reason.COLUMN_NOT_ALLOWED)
    found = people_export.export(
        uow, asked_for(request.form), set(request.form.getlist("columns")), kind=kind
    )
    name = f"{_('people')}-{uow.today().isoformat()}.{kind}"
    if kind == "csv":
        return csv_answer(found.heading, found.rows, file_name=name)
    return workbook_answer(found.heading, found.rows, title=_("People"), file_name=name)
