"""The roster on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _

from portal.blueprints.rosters import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import roster_print
from portal.services.roster_print import SheetWords
from portal.web.downloads import file_answer
from portal.web.guards import requires


@blueprint.get("/c/<company>/rosters/<uuid:roster_id>/print.pdf")
@requires(Permission.ROSTER_PRINT)
def print_pdf(uow: UnitOfWork, roster_id: UUID) -> Response:
    """The published roster, or with `draft` what planners work on."""
    printed = roster_print.print_roster(uow, roster_id, _sheet_words(), draft="draft" in request.args)
    return file_answer(printed.pdf, content_type="application/pdf", file_name=printed.file_name, shown=True)


def _sheet_words() -> SheetWords:
    return SheetWords(
        title=_("Roster"),
        name=_("Name"),
        hours=_("Hours"),
        on_duty=_("People on duty"),
        page=_("Page {page} of {pages}"),
        nobody=_("Nobody is in this team"),
        version=_("Version {version}"),
        printed=_("Printed {moment}"),
        draft=_("DRAFT"),
        away=_("Away"),
        vacation=_("Vacation"),
    )
