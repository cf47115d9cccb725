"""Shows the log, filtered and page by page, and checks its chain on request."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.audit import blueprint, lines
from portal.blueprints.audit.asked import read
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import audit_log
from portal.web.guards import requires


@blueprint.get("/c/<company>/audit")
@requires(Permission.AUDIT_VIEW)
def index(uow: UnitOfWork) -> str:
    asked = read(uow)
    page = audit_log.list_events(uow, asked.found, asked.cursor) if asked.found is not None else None
    days = lines.by_day(uow, page) if page is not None else []
    return render_template("audit/index.html", asked=asked, form=asked.form, page=page, days=days)


@blueprint.post("/c/<company>/audit/verification")
@requires(Permission.AUDIT_VIEW)
def verify(uow: UnitOfWork) -> Response:
    verdict = audit_log.verify(uow)
    if verdict.intact:
        text = ngettext(
            "The one event is as it was written.",
            "All %(num)s events are as they were written; nothing was changed, moved or removed.",
            verdict.checked,
        )
        flash(text, "success")
    else:
        text = _(
            "The log was changed from outside: event %(seq)s is not as it was written.", seq=verdict.broken_at
        )
        flash(text, "danger")
    return redirect(url_for("audit.index"), 303)
