"""The company's documents: adding them and their versions."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.documents import blueprint
from portal.blueprints.documents.forms import DistributeForm, UploadForm, VersionForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import distributions, documents
from portal.web.downloads import file_answer
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer, redirect_everywhere


@blueprint.get("/c/<company>/documents/all")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def manage(uow: UnitOfWork) -> str:
    return render_template("documents/manage.html", documents=documents.list_managed(uow))


@blueprint.get("/c/<company>/documents/all/new")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def new(_uow: UnitOfWork) -> str:
    return render_template("documents/new.html", form=UploadForm(document_id=str(uuid4())))


@blueprint.post("/c/<company>/documents/all")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def create(uow: UnitOfWork) -> Response:
    form = UploadForm()
    if not form.validate_on_submit():
        return form_answer("documents/new.html", form=form)
    try:
        document_id = documents.add(
            uow,
            document_id=UUID(form.document_id.data),
            title=form.title.data,
            description=form.description.data or "",
            file_name=form.file.data.filename,
            content=form.file.data.read(),
        )
    except Refusal as refusal:
        put_refusal(form, refusal)
        return form_answer("documents/new.html", form=form)
    _say_kept(uow, document_id, _("The document is kept. Hand it out to a team or to everybody."))
    return redirect_everywhere(url_for("documents.details", document_id=document_id))


@blueprint.get("/c/<company>/documents/all/<uuid:document_id>")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def details(uow: UnitOfWork, document_id: UUID) -> str:
    return render_template("documents/details.html", **details_of(uow, document_id))


@blueprint.post("/c/<company>/documents/all/<uuid:document_id>/versions")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def add_version(uow: UnitOfWork, document_id: UUID) -> Response:
    form = VersionForm()
    try:
        if form.validate_on_submit():
            content, name = form.file.data.read(), form.file.data.filename
            documents.add_version(uow, document_id, seen=form.seen.data, file_name=name, content=content)
            said = _("The new version is kept. Those who had the old one get it when you hand it out.")
            _say_kept(uow, document_id, said)
            return redirect_everywhere(url_for("documents.details", document_id=document_id))
    except Refusal as refusal:
        put_refusal(form, refusal)
    return form_answer("documents/details.html", **{**details_of(uow, document_id), "version_form": form})


@blueprint.get("/c/<company>/documents/versions/<uuid:version_id>/file")
@requires(Permission.DOCUMENT_DISTRIBUTE)
def version_file(uow: UnitOfWork, version_id: UUID) -> Response:
    download = documents.download_managed(uow, version_id)
    return file_answer(
        download.content, content_type=download.content_type, file_name=download.file_name, shown=True
    )


def _say_kept(uow: UnitOfWork, document_id: UUID, otherwise: str) -> None:
    """What waits for the antivirus cannot be handed out yet, so nobody is told to."""
    if documents.newest_waits(uow, document_id):
        flash(_("The file is kept. It can be handed out once the antivirus has looked at it."), "info")
    else:
        flash(otherwise, "success")


def details_of(uow: UnitOfWork, document_id: UUID) -> dict[str, object]:
    """What the page of a document shows, with fresh forms."""
    page = documents.page_of(uow, document_id)
    return {
        "document": page,
        "lines": distributions.list_of(uow, document_id),
        "version_form": VersionForm(formdata=None, seen=page.versions[0].number),
        "form": distribute_form(uow, DistributeForm(formdata=None, distribution_id=str(uuid4()))),
    }


def distribute_form(uow: UnitOfWork, form: DistributeForm) -> DistributeForm:
    """The form with the teams to choose from; the empty choice is everybody."""
    teams = [(str(team.id), team.name) for team in distributions.team_choices(uow)]
    form.team.choices = [("", _("Everybody in the company")), *teams]
    return form
