"""The licence file of a portal that the company runs itself: what it says, and another one. 404 where none counts."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.licence import blueprint
from portal.blueprints.licence.forms import LicenceFileForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.integrations.licence_documents import LONGEST
from portal.services import licence_files, licences, scanning
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.licence_words import VERDICTS
from portal.web.refusals import sentence
from portal.web.step_up import freshly_proven

_PAGE = "licence/file.html"


@blueprint.app_template_global()
def licence_files_count() -> bool:
    """Template global: whether this portal takes licence files."""
    return licence_files.takes_files(current_app.extensions["staffroom"].outside)


@blueprint.get("/c/<company>/licence/file")
@requires(Permission.COMPANY_EDIT)
def show_file(uow: UnitOfWork) -> str:
    _only_where_files_count()
    return render_template(_PAGE, form=LicenceFileForm(), **_here(uow))


@blueprint.post("/c/<company>/licence/file")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="licence.show_file")
def install_file(uow: UnitOfWork) -> Response:
    """Whatever is wrong with a file, the one before it goes on counting."""
    _only_where_files_count()
    form = LicenceFileForm()
    if not form.validate():
        return form_answer(_PAGE, form=form, **_here(uow))
    here = _here(uow)
    try:
        # One byte more than a file has tells that it is none; what is no text at all is none either.
        uploaded = form.file.data.read(LONGEST + 1)
        scanning.need_clean(uow, uploaded, file_name=form.file.data.filename or "")
        licence_files.install(uow, uploaded.decode("utf-8-sig", "replace"))
    except Refusal as refusal:
        return refused_form(_PAGE, form, refusal, **here)
    flash(_("The licence file is installed."), "success")
    return redirect(url_for("licence.show_file"), code=303)


def _only_where_files_count() -> None:
    if not licence_files_count():
        abort(404)


def _here(uow: UnitOfWork) -> dict[str, object]:
    files = licence_files.standing(uow)
    problem = files.installed.problem if files.installed is not None else None
    return {
        "files": files,
        "standing": licences.standing(uow),
        "problem": sentence(problem) if problem is not None else None,
        "verdicts": VERDICTS,
        "slug": uow.company.slug,
    }
