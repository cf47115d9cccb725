"""Setting up a first second factor at the sign-in, for whoever is asked for one and has none."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.steps import half_way, wanted
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import authenticators, enrolment, passkeys
from portal.services.enrolment import Enrolled
from portal.services.sessions import SignedIn
from portal.web import session_cookies
from portal.web.factor_forms import AppCodeForm, NewPasskeyForm
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/sign-in/set-up")
@public
@half_way
def set_up(uow: UnitOfWork, person: SignedIn) -> str | Response:
    """Offers what can be set up; where HR knows the number, a code to it comes first."""
    if not enrolment.may_choose(uow, person):
        return redirect(url_for("sign_in.phone", after=wanted(uow)), code=303)
    return render_template("sign_in/set_up.html", after=wanted(uow))


@blueprint.post("/c/<company>/sign-in/set-up/authenticators", endpoint="begin_authenticator")
@public
@half_way
def begin_authenticator(uow: UnitOfWork, person: SignedIn) -> Response:
    """Makes a secret for this session, and shows it."""
    authenticators.begin(uow, person)
    return redirect(url_for("sign_in.show_authenticator", after=wanted(uow)), code=303)


@blueprint.get("/c/<company>/sign-in/set-up/authenticator")
@public
@half_way
def show_authenticator(uow: UnitOfWork, person: SignedIn) -> str | Response:
    """The picture to scan, and the field for the first code."""
    begun = authenticators.find_set_up(uow, person)
    if begun is None:
        return redirect(url_for("sign_in.set_up", after=wanted(uow)), code=303)
    form = AppCodeForm(after=request.args.get("after"))
    return render_template("sign_in/new_authenticator.html", form=form, begun=begun)


@blueprint.post("/c/<company>/sign-in/set-up/authenticator", endpoint="finish_authenticator")
@public
@half_way
def finish_authenticator(uow: UnitOfWork, person: SignedIn) -> Response:
    """All the way in with a good first code, and the recovery codes, once."""
    form = AppCodeForm()
    template = "sign_in/new_authenticator.html"
    begun = authenticators.find_set_up(uow, person)
    if begun is None:
        return redirect(url_for("sign_in.set_up", after=wanted(uow)), code=303)
    if not form.validate():
        return form_answer(template, form=form, begun=begun)
    try:
        enrolled = authenticators.finish(uow, person, form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form(template, form, refusal, begun=begun)
    return _in(uow, enrolled)


@blueprint.get("/c/<company>/sign-in/set-up/passkey")
@public
@half_way
def new_passkey(uow: UnitOfWork, person: SignedIn) -> str | Response:
    """Asks for a name, and offers the button that asks the browser."""
    if not enrolment.may_choose(uow, person):
        return redirect(url_for("sign_in.phone", after=wanted(uow)), code=303)
    form = NewPasskeyForm(name=_("My passkey"), after=request.args.get("after"))
    return render_template("sign_in/new_passkey.html", form=form)


@blueprint.post("/c/<company>/sign-in/set-up/passkey/challenges", endpoint="challenge_new_passkey")
@public
@half_way
def challenge_new_passkey(uow: UnitOfWork, person: SignedIn) -> Response:
    """What the browser needs to make a passkey, as JSON."""
    return Response(passkeys.registration_options(uow, person), mimetype="application/json")


@blueprint.post("/c/<company>/sign-in/set-up/passkey", endpoint="add_passkey")
@public
@half_way
def add_passkey(uow: UnitOfWork, person: SignedIn) -> Response:
    """All the way in with the new passkey, and the recovery codes, once."""
    form = NewPasskeyForm()
    template = "sign_in/new_passkey.html"
    if not form.validate():
        return form_answer(template, form=form)
    try:
        enrolled = passkeys.register(uow, person, form.answer.data or "", name=form.name.data or "")
    except Refusal as refusal:
        return refused_form(template, form, refusal)
    return _in(uow, enrolled)


def _in(uow: UnitOfWork, enrolled: Enrolled) -> Response:
    """The answer itself shows the codes: they are kept nowhere from which a next page could read them."""
    session_cookies.begin(enrolled.token)
    onward: dict[str, Any] = {
        "codes": enrolled.recovery_codes,
        "onward": wanted(uow) or url_for("home.index"),
    }
    if not enrolled.recovery_codes:
        return redirect(onward["onward"], code=303)
    return make_response(render_template("sign_in/recovery_codes.html", **onward))
