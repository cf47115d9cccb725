"""Shows the log, filtered and page by page, and checks its chain on request."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.forms import FilterForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import audit, audit_log
from portal.web.audit_words import action_label, column_label, readable
from portal.web.guards import requires


@blueprint.get("/c/<company>/audit")
@requires(Permission.AUDIT_VIEW)
def index(uow: UnitOfWork) -> str:
    form = FilterForm(request.args, meta={"csrf": False})
    form.action.choices = [
        ("", _("All actions")),
        *((one.value, action_label(one.value)) for one in audit.Action),
    ]
    valid = form.validate()
    page = audit_log.list_events(
        uow,
        before=form.before.data if valid else None,
        action=form.action.data if valid else None,
        day=form.day.data if valid else None,
    )
    return render_template(
        "audit/index.html",
        form=form,
        page=page,
        action_label=action_label,
        column_label=column_label,
        readable=readable,
    )


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
