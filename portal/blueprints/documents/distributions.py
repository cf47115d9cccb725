"""Handing documents out, and who has confirmed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.documents import blueprint
from portal.blueprints.documents.forms import DistributeForm
from portal.blueprints.documents.management import details_of, distribute_form
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import distributions
from portal.web.downloads import csv_answer
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer, redirect_everywhere


@blueprint.post("/c/<company>/documents/all/<uuid:document_id>/distributions")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def distribute(uow: UnitOfWork, document_id: UUID) -> Response:
    form = distribute_form(uow, DistributeForm())
    try:
        if form.validate_on_submit():
            distribution_id = distributions.distribute(
                uow,
                document_id,
                distribution_id=UUID(form.distribution_id.data),
                team_id=UUID(form.team.data) if form.team.data else None,
                due_date=form.due_date.data,
            )
            flash(_("Handed out. Everybody was written to."), "success")
            return redirect_everywhere(url_for("documents.progress", distribution_id=distribution_id))
    except Refusal as refusal:
        put_refusal(form, refusal)
    return form_answer("documents/details.html", **{**details_of(uow, document_id), "form": form})


@blueprint.get("/c/<company>/documents/distributions/<uuid:distribution_id>")
@requires(Permission.DOCUMENT_VIEW_CONFIRMATIONS)
def progress(uow: UnitOfWork, distribution_id: UUID) -> str:
    found = distributions.progress(uow, distribution_id)
    return render_template("documents/progress.html", progress=found, today=uow.today())


@blueprint.get("/c/<company>/documents/distributions/<uuid:distribution_id>/people.csv")
@requires(Permission.DOCUMENT_VIEW_CONFIRMATIONS)
def progress_csv(uow: UnitOfWork, distribution_id: UUID) -> Response:
    found = distributions.progress(uow, distribution_id)
    heading = [_("Name"), _("E-mail"), _("Opened (UTC)"), _("Confirmed (UTC)")]
    rows = [(one.name, one.email, one.opened_at, one.confirmed_at) for one in found.people]
    return csv_answer(heading, rows, file_name=f"{found.title}.csv")


@blueprint.post("/c/<company>/documents/distributions/<uuid:distribution_id>/reminders")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def remind(uow: UnitOfWork, distribution_id: UUID) -> Response:
    count = distributions.remind(uow, distribution_id)
    flash(ngettext("One person was reminded.", "%(num)s people were reminded.", count), "success")
    return redirect_everywhere(url_for("documents.progress", distribution_id=distribution_id))


@blueprint.post("/c/<company>/documents/distributions/<uuid:distribution_id>/newcomers")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def send_to_newcomers(uow: UnitOfWork, distribution_id: UUID) -> Response:
    count = distributions.send_to_newcomers(uow, distribution_id)
    flash(ngettext("Sent to one more person.", "Sent to %(num)s more people.", count), "success")
    return redirect_everywhere(url_for("documents.progress", distribution_id=distribution_id))
