"""Publishing: what it would change for whom, then doing it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.rosters import blueprint
from portal.blueprints.rosters.forms import PublicationForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import roster_publishing
from portal.web import absence_words
from portal.web.guards import requires
from portal.web.refusals import sentence

#: Refusals that the page itself shows, renewed; any other is an error page.
_SAID = {Reason.CHANGED_MEANWHILE: 409, Reason.SHIFT_OVERLAPS_PUBLISHED: 409, Reason.ROSTER_UNCHANGED: 422}


@blueprint.get("/c/<company>/rosters/<uuid:roster_id>/publication")
@requires(Permission.ROSTER_PUBLISH)
def publication(uow: UnitOfWork, roster_id: UUID) -> str:
    """What publishing would change, person by person."""
    return _page(uow, roster_id)


@blueprint.post("/c/<company>/rosters/<uuid:roster_id>/publication")
@requires(Permission.ROSTER_PUBLISH)
def publish(uow: UnitOfWork, roster_id: UUID) -> Response:
    """303 to the roster; 409 with the renewed page when it is no longer what the planner has seen."""
    form = PublicationForm()
    try:
        if not form.validate():
            raise Refusal(Reason.CHANGED_MEANWHILE)
        done = roster_publishing.publish(uow, roster_id, version=form.version.data, seen=form.seen.data or "")
    except Refusal as refusal:
        if refusal.reason not in _SAID:
            raise
        return make_response(_page(uow, roster_id, problem=sentence(refusal)), _SAID[refusal.reason])
    told = ngettext("%(num)s person is told.", "%(num)s people are told.", len(done.people))
    flash(_("The roster is published.") + " " + told, "success")
    return redirect(url_for("rosters.show", roster_id=roster_id), 303)


def _page(uow: UnitOfWork, roster_id: UUID, problem: str = "") -> str:
    found = roster_publishing.preview(uow, roster_id)
    return render_template(
        "rosters/publication.html",
        roster=found.facts,
        publication=found,
        problem=problem,
        absence_words=absence_words,
    )
