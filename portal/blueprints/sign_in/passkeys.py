"""The second step by passkey. js/passkeys.js fetches the challenge, asks the browser, and sends an ordinary form."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import go_in
from portal.blueprints.sign_in.steps import proving
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.domain.second_factors import Factor
from portal.services import passkeys
from portal.services.sessions import SignedIn
from portal.web.factor_forms import PasskeyForm
from portal.web.form_refusals import refused_form
from portal.web.guards import public


@blueprint.get("/c/<company>/sign-in/passkey")
@public
@proving(Factor.PASSKEY)
def passkey(_uow: UnitOfWork, _person: SignedIn, **page: Any) -> str:
    """Offers the button that asks the browser."""
    form = PasskeyForm(after=request.args.get("after"))
    return render_template("sign_in/passkey.html", form=form, **page)


@blueprint.post("/c/<company>/sign-in/passkey/challenges", endpoint="challenge_passkey")
@public
@proving(Factor.PASSKEY)
def challenge_passkey(uow: UnitOfWork, person: SignedIn, **_page: Any) -> Response:
    """A new challenge for one of the person's own passkeys, as JSON."""
    return Response(passkeys.proof_options(uow, person), mimetype="application/json")


@blueprint.post("/c/<company>/sign-in/passkey", endpoint="confirm_passkey")
@public
@proving(Factor.PASSKEY)
def confirm_passkey(uow: UnitOfWork, person: SignedIn, **page: Any) -> Response:
    """All the way in when the passkey signed its challenge; 422 otherwise."""
    form = PasskeyForm()
    try:
        token = passkeys.prove(uow, person, form.answer.data or "")
    except Refusal as refusal:
        form.answer.data = ""
        return refused_form("sign_in/passkey.html", form, refusal, **page)
    return go_in(uow, token, form.after.data)
