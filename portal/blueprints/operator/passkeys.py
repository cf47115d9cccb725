"""Passkeys of the staff: signing in with one instead of a code, adding and removing one's own."""

from __future__ import annotations

from uuid import UUID

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.operator import blueprint
from portal.blueprints.operator.entering import entered
from portal.blueprints.operator.forms import StaffPasskeySignInForm
from portal.blueprints.operator.openings import staff_of
from portal.domain.refusals import Refusal
from portal.services import operator_passkeys, operator_sign_in
from portal.services.operator_work import OperatorWork
from portal.web.factor_forms import NewPasskeyForm
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer
from portal.web.operator_door import staff_door, staff_page

#: Where the browser keeps which challenge is its own; what is asked stays with us.
_CHALLENGE = "operator_challenge"


@blueprint.get("/operator/sign-in/passkey")
@staff_door
def sign_in_by_passkey(work: OperatorWork) -> str | Response:
    if work.staff is not None:
        return redirect(url_for("operator.index"), code=303)
    return render_template("operator/passkey.html", form=StaffPasskeySignInForm())


@blueprint.post("/operator/sign-in/passkey/challenges")
@staff_door
def challenge_passkey(work: OperatorWork) -> PlainResponse:
    """The same for everybody: it says nothing of who is a member of the staff."""
    return _asked(operator_passkeys.proof_options(work))


@blueprint.post("/operator/sign-in/passkey", endpoint="enter_by_passkey")
@staff_door
def enter_by_passkey(work: OperatorWork) -> Response:
    form = StaffPasskeySignInForm()

    def prove() -> str:
        return operator_sign_in.sign_in_by_passkey(
            work,
            email=form.email.data or "",
            password=form.password.data or "",
            answer=form.answer.data or "",
            challenge_id=_own_challenge(),
        )

    return entered(work, form, template="operator/passkey.html", proof=form.answer, prove=prove)


@blueprint.get("/operator/passkeys")
@staff_page
def list_passkeys(work: OperatorWork) -> str:
    staff = staff_of(work)
    return render_template(
        "operator/passkeys.html",
        staff=staff,
        passkeys=operator_passkeys.list_of(work, staff),
        fresh=operator_passkeys.is_fresh(work, staff),
    )


@blueprint.get("/operator/passkeys/new")
@staff_page
def new_passkey(work: OperatorWork) -> str:
    operator_passkeys.check_fresh(work, staff_of(work))
    return render_template("operator/new_passkey.html", staff=staff_of(work), form=NewPasskeyForm())


@blueprint.post("/operator/passkeys/challenges")
@staff_page
def challenge_new_passkey(work: OperatorWork) -> PlainResponse:
    return _asked(operator_passkeys.registration_options(work, staff_of(work)))


@blueprint.post("/operator/passkeys", endpoint="add_passkey")
@staff_page
def add_passkey(work: OperatorWork) -> Response:
    form, template, staff = NewPasskeyForm(), "operator/new_passkey.html", staff_of(work)
    if not form.validate():
        return form_answer(template, form=form, staff=staff)
    try:
        operator_passkeys.register(
            work, staff, form.answer.data or "", name=form.name.data or "", challenge_id=_own_challenge()
        )
    except Refusal as refusal:
        form.answer.data = ""
        return refused_form(template, form, refusal, staff=staff)
    flash(_("The passkey is added. At your next sign-in you can use it instead of a code."), "success")
    return redirect(url_for("operator.list_passkeys"), code=303)


@blueprint.post("/operator/passkeys/<uuid:operator_passkey_id>/removal", endpoint="remove_passkey")
@staff_page
def remove_passkey(work: OperatorWork, operator_passkey_id: UUID) -> Response:
    operator_passkeys.remove(work, staff_of(work), operator_passkey_id)
    flash(_("The passkey is removed. It opens nothing any more."), "success")
    return redirect(url_for("operator.list_passkeys"), code=303)


def _asked(begun: tuple[UUID, str]) -> PlainResponse:
    challenge_id, options = begun
    session[_CHALLENGE] = str(challenge_id)
    return PlainResponse(options, mimetype="application/json")


def _own_challenge() -> UUID | None:
    """Which challenge this browser was given last; it is taken out, as it is good once."""
    kept = session.pop(_CHALLENGE, None)
    return UUID(kept) if kept else None
