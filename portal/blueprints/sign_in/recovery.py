"""The second step by a recovery code, for whoever has lost their other factor."""

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
from portal.services import recovery_codes
from portal.services.sessions import SignedIn
from portal.web.factor_forms import RecoveryCodeForm
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/sign-in/recovery-code")
@public
@proving(Factor.RECOVERY_CODE)
def recovery_code(_uow: UnitOfWork, _person: SignedIn, **page: Any) -> str:
    """Asks for one of the codes on the list."""
    form = RecoveryCodeForm(after=request.args.get("after"))
    return render_template("sign_in/recovery_code.html", form=form, **page)


@blueprint.post("/c/<company>/sign-in/recovery-code", endpoint="confirm_recovery_code")
@public
@proving(Factor.RECOVERY_CODE)
def confirm_recovery_code(uow: UnitOfWork, person: SignedIn, **page: Any) -> Response:
    """All the way in with a code that was not used before; 422 or 429 otherwise."""
    form = RecoveryCodeForm()
    if not form.validate():
        return form_answer("sign_in/recovery_code.html", form=form, **page)
    try:
        token = recovery_codes.prove(uow, person, form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form("sign_in/recovery_code.html", form, refusal, **page)
    return go_in(uow, token, form.after.data)
