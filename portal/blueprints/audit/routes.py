"""Shows the log, filtered and page by page, and checks its chain on request."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.asked import read
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import audit_anchors, audit_log
from portal.web import audit_lines
from portal.web.guards import requires


def _gap(kept: int, goes_on: int) -> str:
    return _(
        "After event %(kept)s the log goes on with event %(goes_on)s: a backup was restored, and what was logged in "
        "between is lost. The numbers are not used again.",
        kept=kept,
        goes_on=goes_on,
    )


@blueprint.get("/c/<company>/audit")
@requires(Permission.AUDIT_VIEW)
def index(uow: UnitOfWork) -> str:
    asked = read(uow, request.args)
    page = audit_log.list_events(uow, asked.found, asked.cursor) if asked.found is not None else None
    days = audit_lines.by_day(uow, page) if page is not None else []
    return render_template("audit/index.html", asked=asked, form=asked.form, page=page, days=days)


@blueprint.post("/c/<company>/audit/verification")
@requires(Permission.AUDIT_VIEW)
def verify(uow: UnitOfWork) -> Response:
    verdict = audit_log.verify(uow, audit_anchors.by_number(uow))
    if verdict.intact:
        text = ngettext(
            "The one event is as it was written.",
            "All %(num)s events are as they were written; nothing was changed, moved or removed.",
            verdict.checked,
        )
        flash(text, "success")
        for kept, goes_on in verdict.gaps:
            flash(_gap(kept, goes_on), "warning")
    else:
        text = _(
            "The log was changed from outside: event %(seq)s is not as it was written.", seq=verdict.broken_at
        )
        flash(text, "danger")
    return redirect(url_for("audit.index"), 303)
