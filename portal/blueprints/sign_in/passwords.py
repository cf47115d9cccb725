"""Changing one's own password while signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.forms import ChangePasswordForm
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import passwords
from portal.web import session_cookies
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/password")
@signed_in
def edit_password(uow: UnitOfWork) -> str:
    """Asks for the current password and twice for the new one."""
    return render_template(
        "sign_in/change_password.html", form=ChangePasswordForm(), minimum=passwords.minimum_length(uow)
    )


@blueprint.post("/c/<company>/password", endpoint="change_password")
@signed_in
def change_password(uow: UnitOfWork) -> Response:
    """A new password; every other browser is signed out, this one goes on under a new session token."""
    form = ChangePasswordForm()
    minimum = passwords.minimum_length(uow)
    if not form.validate():
        return form_answer("sign_in/change_password.html", form=form, minimum=minimum)
    try:
        token = passwords.change_own(uow, current=form.current.data or "", new=form.password.data or "")
    except Refusal as refusal:
        return refused_form("sign_in/change_password.html", form, refusal, minimum=minimum)
    session_cookies.begin(token)
    flash(_("Your password is changed. All other browsers are signed out."), "success")
    return redirect(url_for("sessions.index"), code=303)
