"""One's own passkeys: add, rename, remove."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sessions import blueprint
from portal.blueprints.sessions.browser_names import browser_name
from portal.blueprints.sessions.enrolled import here, shown, taken_away
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import passkeys
from portal.web.factor_forms import NewPasskeyForm, PasskeyNameForm
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/second-factors/passkeys/new")
@signed_in
@freshly_proven(back="sessions.index")
def new_passkey(_uow: UnitOfWork) -> str:
    """Asks for a name, and offers the button that asks the browser."""
    browser, system = browser_name(request.user_agent.string)
    form = NewPasskeyForm(name=system or browser or _("My passkey"))
    return render_template("sessions/new_passkey.html", form=form)


@blueprint.post("/c/<company>/second-factors/passkeys/challenges", endpoint="challenge_new_passkey")
@signed_in
@freshly_proven(back="sessions.new_passkey")
def challenge_new_passkey(uow: UnitOfWork) -> Response:
    """What the browser needs to make a passkey, as JSON."""
    return Response(passkeys.registration_options(uow, here()), mimetype="application/json")


@blueprint.post("/c/<company>/second-factors/passkeys", endpoint="add_passkey")
@signed_in
@freshly_proven(back="sessions.new_passkey")
def add_passkey(uow: UnitOfWork) -> Response:
    """Keeps the new passkey; the first factor brings recovery codes."""
    form, template = NewPasskeyForm(), "sessions/new_passkey.html"
    if not form.validate():
        return form_answer(template, form=form)
    try:
        enrolled = passkeys.register(uow, here(), form.answer.data or "", name=form.name.data or "")
    except Refusal as refusal:
        return refused_form(template, form, refusal)
    return shown(enrolled, _("Your passkey is added. It is asked for from your next sign-in on."))


@blueprint.get("/c/<company>/second-factors/passkeys/<uuid:passkey_id>")
@signed_in
def passkey(uow: UnitOfWork, passkey_id: UUID) -> str:
    """Another name for a passkey, or taking it away."""
    line = _own(uow, passkey_id)
    return render_template("sessions/passkey.html", form=PasskeyNameForm(name=line.name), passkey=line)


@blueprint.post("/c/<company>/second-factors/passkeys/<uuid:passkey_id>/name", endpoint="rename_passkey")
@signed_in
@freshly_proven(back="sessions.passkey")
def rename_passkey(uow: UnitOfWork, passkey_id: UUID) -> Response:
    line, form = _own(uow, passkey_id), PasskeyNameForm()
    if not form.validate():
        return form_answer("sessions/passkey.html", form=form, passkey=line)
    passkeys.rename(uow, passkey_id, form.name.data or "")
    flash(_("The passkey has its new name."), "success")
    return redirect(url_for("sessions.index"), code=303)


@blueprint.post("/c/<company>/second-factors/passkeys/<uuid:passkey_id>/removal", endpoint="remove_passkey")
@signed_in
@freshly_proven(back="sessions.passkey")
def remove_passkey(uow: UnitOfWork, passkey_id: UUID) -> Response:
    """Takes it away; refused when the company asks for a factor and no other works."""
    return taken_away(
        lambda: passkeys.remove(uow, passkey_id), _("The passkey is removed. A mail tells you so.")
    )


def _own(uow: UnitOfWork, passkey_id: UUID) -> passkeys.PasskeyLine:
    """One of the person's own; another's is not found, like one that never was."""
    found = next((one for one in passkeys.list_mine(uow) if one.id == passkey_id), None)
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found
