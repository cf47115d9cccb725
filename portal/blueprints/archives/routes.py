"""Asks for an archive, shows how far it is, and hands it out once."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, render_template
from werkzeug.wrappers import Response

from portal.blueprints.archives import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import archive_requests
from portal.web.downloads import stream_answer
from portal.web.guards import requires
from portal.web.licence_words import ARCHIVE_STATES
from portal.web.step_up import freshly_proven

_BACK = "archives.index"


@blueprint.get("/c/<company>/archives")
@requires(Permission.COMPANY_EDIT)
def index(uow: UnitOfWork) -> str:
    return render_template(
        "archives/index.html",
        archives=archive_requests.latest(uow),
        allowed=archive_requests.may_take_all(uow),
        states=ARCHIVE_STATES,
    )


@blueprint.post("/c/<company>/archives", endpoint="create")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back=_BACK)
def create(uow: UnitOfWork) -> Response:
    """This answer is the only place where the passphrase is readable."""
    passphrase = archive_requests.ask(uow)
    return make_response(render_template("archives/created.html", passphrase=passphrase))


@blueprint.post("/c/<company>/archives/<uuid:archive_id>/download", endpoint="fetch")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back=_BACK)
def fetch(uow: UnitOfWork, archive_id: UUID) -> Response:
    parts = archive_requests.fetch(uow, archive_id)
    day = uow.today().isoformat()
    return stream_answer(parts, file_name=f"{uow.company.slug}-{day}.staffroom")
