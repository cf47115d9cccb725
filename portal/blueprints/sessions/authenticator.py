"""One's own authenticator app: set up, replace, remove."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sessions import blueprint
from portal.blueprints.sessions.enrolled import here, shown, taken_away
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import authenticators
from portal.web.factor_forms import AppCodeForm
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.post("/c/<company>/second-factors/authenticators", endpoint="begin_authenticator")
@signed_in
@freshly_proven(back="sessions.index")
def begin_authenticator(uow: UnitOfWork) -> Response:
    """Makes a secret for this session, and shows it; an app that works already goes on until then."""
    authenticators.begin(uow, here())
    return redirect(url_for("sessions.new_authenticator"), code=303)


@blueprint.get("/c/<company>/second-factors/authenticator")
@signed_in
@freshly_proven(back="sessions.index")
def new_authenticator(uow: UnitOfWork) -> str | Response:
    """The picture to scan, and the field for the first code."""
    begun = authenticators.find_set_up(uow, here())
    if begun is None:
        return redirect(url_for("sessions.index"), code=303)
    return render_template("sessions/new_authenticator.html", form=AppCodeForm(), begun=begun)


@blueprint.post("/c/<company>/second-factors/authenticator", endpoint="finish_authenticator")
@signed_in
@freshly_proven(back="sessions.new_authenticator")
def finish_authenticator(uow: UnitOfWork) -> Response:
    """From the first good code on it is asked for; the first factor brings recovery codes."""
    form, template = AppCodeForm(), "sessions/new_authenticator.html"
    begun = authenticators.find_set_up(uow, here())
    if begun is None:
        return redirect(url_for("sessions.index"), code=303)
    if not form.validate():
        return form_answer(template, form=form, begun=begun)
    try:
        enrolled = authenticators.finish(uow, here(), form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form(template, form, refusal, begun=begun)
    return shown(enrolled, _("Your authenticator app is set up. It is asked for from your next sign-in on."))


@blueprint.post("/c/<company>/second-factors/authenticator/removal", endpoint="remove_authenticator")
@signed_in
@freshly_proven(back="sessions.index")
def remove_authenticator(uow: UnitOfWork) -> Response:
    """Takes the app away; refused when the company asks for a factor and no other works."""
    return taken_away(
        lambda: authenticators.remove(uow), _("The authenticator app is removed. A mail tells you so.")
    )
