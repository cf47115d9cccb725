"""One's own number for codes: another one, a first one, or none."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sessions import blueprint
from portal.blueprints.sessions.enrolled import here, taken_away
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import phone_changes
from portal.web import session_cookies
from portal.web.factor_forms import CodeForm, PhoneForm
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/second-factors/phone")
@signed_in
@freshly_proven(back="sessions.index")
def new_phone(_uow: UnitOfWork) -> str | Response:
    """Asks for the number."""
    if not here().asked:
        return redirect(url_for("sessions.index"), code=303)
    return render_template("sessions/new_phone.html", form=PhoneForm())


@blueprint.post("/c/<company>/second-factors/phone", endpoint="send_phone_code")
@signed_in
@freshly_proven(back="sessions.new_phone")
def send_phone_code(uow: UnitOfWork) -> Response:
    """Sends a code to the new number; the old one stays until it comes back."""
    form = PhoneForm()
    if not form.validate():
        return form_answer("sessions/new_phone.html", form=form)
    try:
        phone_changes.send_code(uow, here(), form.phone.data or "")
    except Refusal as refusal:
        return refused_form("sessions/new_phone.html", form, refusal)
    return redirect(url_for("sessions.phone_code"), code=303)


@blueprint.get("/c/<company>/second-factors/phone/code")
@signed_in
@freshly_proven(back="sessions.new_phone")
def phone_code(_uow: UnitOfWork) -> str:
    """Asks for the code that the new number received."""
    return render_template("sessions/phone_code.html", form=CodeForm())


@blueprint.post("/c/<company>/second-factors/phone/code", endpoint="bind_phone")
@signed_in
@freshly_proven(back="sessions.new_phone")
def bind_phone(uow: UnitOfWork) -> Response:
    """The new number is bound; both numbers and the mailbox are told."""
    form = CodeForm()
    if not form.validate():
        return form_answer("sessions/phone_code.html", form=form)
    try:
        token = phone_changes.finish(uow, here(), form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form("sessions/phone_code.html", form, refusal)
    session_cookies.begin(token)
    flash(_("Codes go to your new number from now on. Both numbers and your mailbox are told."), "success")
    return redirect(url_for("sessions.index"), code=303)


@blueprint.post("/c/<company>/second-factors/phone/removal", endpoint="remove_phone")
@signed_in
@freshly_proven(back="sessions.index")
def remove_phone(uow: UnitOfWork) -> Response:
    """Takes the number away; refused when the company asks for a factor and no other works."""
    return taken_away(
        lambda: phone_changes.remove(uow),
        _("Your number receives no more codes. It and your mailbox are told."),
    )
