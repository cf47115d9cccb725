"""The list of year ends, a new preview, and what becomes of it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.year_ends import blueprint
from portal.blueprints.year_ends.forms import YearForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import year_end_lists, year_ends
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.refusals import sentence


@blueprint.get("/c/<company>/year-ends")
@requires(Permission.YEAR_END_RUN)
def index(uow: UnitOfWork) -> str:
    return render_template("year_ends/index.html", **_page(uow, _form(uow)))


@blueprint.post("/c/<company>/year-ends")
@requires(Permission.YEAR_END_RUN)
def create(uow: UnitOfWork) -> Response:
    form = _form(uow)
    if form.validate():
        try:
            run_id = year_ends.preview(uow, UUID(form.absence_type_id.data), form.year.data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(url_for("year_ends.show", year_end_run_id=run_id), 303)
    return form_answer("year_ends/index.html", **_page(uow, form))


@blueprint.get("/c/<company>/year-ends/<uuid:year_end_run_id>")
@requires(Permission.YEAR_END_RUN)
def show(uow: UnitOfWork, year_end_run_id: UUID) -> str:
    page = request.args.get("page", 1, type=int)
    return render_template("year_ends/show.html", shown=year_end_lists.get(uow, year_end_run_id, page))


@blueprint.post("/c/<company>/year-ends/<uuid:year_end_run_id>/posting")
@requires(Permission.YEAR_END_RUN)
def post(uow: UnitOfWork, year_end_run_id: UUID) -> Response:
    try:
        year_ends.order(uow, year_end_run_id)
    except Refusal as refusal:
        return _refused(year_end_run_id, refusal)
    flash(_("Approved. Whose figures have changed since the preview is left to the next one."), "success")
    return redirect(url_for("year_ends.show", year_end_run_id=year_end_run_id), 303)


@blueprint.post("/c/<company>/year-ends/<uuid:year_end_run_id>/reversal")
@requires(Permission.YEAR_END_RUN)
def reverse(uow: UnitOfWork, year_end_run_id: UUID) -> Response:
    try:
        year_ends.reverse(uow, year_end_run_id)
    except Refusal as refusal:
        return _refused(year_end_run_id, refusal)
    flash(_("The year end is reversed: every row has its counterpart in the ledgers."), "success")
    return redirect(url_for("year_ends.show", year_end_run_id=year_end_run_id), 303)


@blueprint.post("/c/<company>/year-ends/<uuid:year_end_run_id>/removal")
@requires(Permission.YEAR_END_RUN)
def drop(uow: UnitOfWork, year_end_run_id: UUID) -> Response:
    try:
        year_ends.drop(uow, year_end_run_id)
    except Refusal as refusal:
        return _refused(year_end_run_id, refusal)
    flash(_("The preview is dropped."), "success")
    return redirect(url_for("year_ends.index"), 303)


def _refused(run_id: UUID, refusal: Refusal) -> Response:
    """Said on the page of the run; nothing was written."""
    if refusal.reason is Reason.NOT_FOUND:
        raise refusal
    flash(sentence(refusal), "error")
    return redirect(url_for("year_ends.show", year_end_run_id=run_id), 303)


def _form(uow: UnitOfWork) -> YearForm:
    form = YearForm(data={"year": uow.today().year - 1})
    form.offer([kind for kind, _since in year_end_lists.types(uow)])
    return form


def _page(uow: UnitOfWork, form: YearForm) -> dict[str, object]:
    return {"runs": year_end_lists.runs(uow), "form": form}
