"""The second step by authenticator app."""

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
from portal.services import authenticators
from portal.services.sessions import SignedIn
from portal.web.factor_forms import AppCodeForm
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/sign-in/authenticator")
@public
@proving(Factor.AUTHENTICATOR)
def authenticator(_uow: UnitOfWork, _person: SignedIn, **page: Any) -> str:
    """Asks for the code that the app shows."""
    form = AppCodeForm(after=request.args.get("after"))
    return render_template("sign_in/authenticator.html", form=form, **page)


@blueprint.post("/c/<company>/sign-in/authenticator", endpoint="confirm_authenticator")
@public
@proving(Factor.AUTHENTICATOR)
def confirm_authenticator(uow: UnitOfWork, person: SignedIn, **page: Any) -> Response:
    """All the way in with a good code; 422 or 429 with what to do otherwise."""
    form = AppCodeForm()
    if not form.validate():
        return form_answer("sign_in/authenticator.html", form=form, **page)
    try:
        token = authenticators.prove(uow, person, form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form("sign_in/authenticator.html", form, refusal, **page)
    return go_in(uow, token, form.after.data)
