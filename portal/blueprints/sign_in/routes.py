"""Signing in with e-mail and password, and signing out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import arrive, browser, go_on
from portal.blueprints.sign_in.forms import SignInForm
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import own_sessions, sign_in
from portal.services.sso import door
from portal.web import session_cookies, typed_email
from portal.web.form_refusals import refused_form
from portal.web.guards import also_while_viewing, public
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/sign-in")
@public
def show(uow: UnitOfWork) -> str | Response:
    """The company's door. Who is in already goes on."""
    person = session_cookies.person_here()
    if person is not None and person.complete:
        return go_on(uow, request.args.get("after"))
    form = SignInForm(email=typed_email.recall(uow.company.slug), after=request.args.get("after"))
    ended = person is None and session_cookies.presented_token() is not None
    return render_template("sign_in/show.html", form=form, session_ended=ended, **_door(uow))


@blueprint.post("/c/<company>/sign-in", endpoint="enter")
@public
def enter(uow: UnitOfWork) -> Response:
    """303 to where the person wanted to go, or to the code page; 422 or 429 in the same words for everybody."""
    form = SignInForm()
    if not form.validate():
        return form_answer("sign_in/show.html", form=form, **_door(uow, emergency=True))
    try:
        opened = sign_in.sign_in(uow, form.email.data or "", form.password.data or "", browser=browser())
    except Refusal as refusal:
        return refused_form("sign_in/show.html", form, refusal, **_door(uow, emergency=True))
    return arrive(uow, opened, form.after.data)


@blueprint.post("/c/<company>/sign-out")
@public
@also_while_viewing
def sign_out(uow: UnitOfWork) -> Response:
    """Ends this browser's session, also one that still waits for its code."""
    person = session_cookies.person_here()
    if person is not None:
        uow.actor = person.actor
        own_sessions.end_current(uow)
    session_cookies.forget()
    flash(_("You are signed out."), "success")
    return redirect(url_for("sign_in.show"), code=303)


def _door(uow: UnitOfWork, *, emergency: bool = False) -> dict[str, Any]:
    """What stands before the door. Where passwords are shut out, their form is shown to who asks for it."""
    return {"door": door.look(uow), "emergency": emergency or "emergency" in request.args}
