"""Changing one's own password while signed in, and proving oneself by it where one has no second factor."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import go_in, go_on
from portal.blueprints.sign_in.forms import PasswordAgainForm
from portal.blueprints.sign_in.steps import wanted
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import own_factors, passwords
from portal.services.sessions import SignedIn
from portal.web import second_steps, session_cookies
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.htmx import form_answer
from portal.web.password_forms import ChangePasswordForm
from portal.web.step_up import proof_is_fresh


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


@blueprint.get("/c/<company>/sign-in/password-again")
@signed_in
def password_again(uow: UnitOfWork) -> str | Response:
    """Asks whoever has no second factor for their password before a sensitive step."""
    elsewhere = _elsewhere(uow)
    if elsewhere is not None:
        return elsewhere
    form = PasswordAgainForm(after=request.args.get("after"))
    return render_template("sign_in/password_again.html", form=form)


@blueprint.post("/c/<company>/sign-in/password-again", endpoint="confirm_password")
@signed_in
def confirm_password(uow: UnitOfWork) -> Response:
    """Back to where the person was, with a fresh proof; 422 or 429 otherwise."""
    elsewhere = _elsewhere(uow)
    if elsewhere is not None:
        return elsewhere
    form = PasswordAgainForm()
    if not form.validate():
        return form_answer("sign_in/password_again.html", form=form)
    try:
        token = passwords.prove_again(uow, _here(), form.password.data or "")
    except Refusal as refusal:
        return refused_form("sign_in/password_again.html", form, refusal)
    return go_in(uow, token, form.after.data)


def _elsewhere(uow: UnitOfWork) -> Response | None:
    """Who has just proven themselves goes on; who has a second factor uses that."""
    if proof_is_fresh(uow):
        return go_on(uow, wanted(uow))
    standing = own_factors.standing(uow, uow.actor.employee_id)
    if not standing.has_one:
        return None
    return redirect(second_steps.place(standing, complete=True, after=wanted(uow)), code=303)


def _here() -> SignedIn:
    person = session_cookies.person_here()
    assert person is not None  # noqa: S101  # the access mark has seen to it
    return person
