"""Looks at the portal as a role sees it, and stops looking."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.roles import blueprint
from portal.blueprints.roles.forms import ViewingForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import viewing
from portal.web import session_cookies
from portal.web.form_refusals import refused_form
from portal.web.guards import also_while_viewing, requires, signed_in
from portal.web.htmx import form_answer, redirect_everywhere


@blueprint.get("/c/<company>/roles/<uuid:role_id>/viewing")
@requires(Permission.ROLE_MANAGE)
def ask_viewing(uow: UnitOfWork, role_id: UUID) -> str:
    """What the look will show and leave out, and from where."""
    return render_template("roles/viewing.html", form=ViewingForm(), look=viewing.preview(uow, role_id))


@blueprint.post("/c/<company>/roles/<uuid:role_id>/viewing")
@requires(Permission.ROLE_MANAGE)
def start_viewing(uow: UnitOfWork, role_id: UUID) -> Response:
    form = ViewingForm()
    look = viewing.preview(uow, role_id)
    if not form.validate():
        return form_answer("roles/viewing.html", form=form, look=look)
    try:
        viewing.start(uow, role_id, place_email=form.email.data or "")
    except Refusal as refusal:
        if refusal.reason is not Reason.PERSON_UNKNOWN:
            raise
        return refused_form("roles/viewing.html", form, refusal, look=look)
    session_cookies.forget_forms()
    return redirect(url_for("home.index"), 303)


@blueprint.get("/c/<company>/viewing")
@signed_in
def viewing_now(uow: UnitOfWork) -> str | Response:
    """Where a page that carries no form sends those who want to stop looking."""
    if uow.actor.viewing is None:
        return redirect(url_for("home.index"), 303)
    return render_template("roles/viewing_now.html", viewing=uow.actor.viewing)


@blueprint.post("/c/<company>/viewing/end")
@signed_in
@also_while_viewing
def end_viewing(uow: UnitOfWork) -> Response:
    """Oneself again. Pressed twice, or after the time was over, it says the same."""
    looked = uow.actor.viewing
    viewing.end(uow)
    session_cookies.forget_forms()
    flash(_("You are yourself again."), "success")
    back = url_for("roles.show", role_id=looked.role_id) if looked else url_for("home.index")
    return redirect_everywhere(back)
