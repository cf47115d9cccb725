"""The second step by SMS, and choosing the number that codes go to at the first sign-in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import go_in
from portal.blueprints.sign_in.steps import half_way, proving, wanted
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.domain.second_factors import Factor
from portal.services import code_prompts, enrolment, second_factors
from portal.services.sessions import SignedIn
from portal.web.factor_forms import CodeForm, PhoneForm
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/sign-in/code")
@public
@proving(Factor.SMS)
def code(uow: UnitOfWork, person: SignedIn, **page: Any) -> str | Response:
    """Asks for the code, or leads to choosing a number first."""
    prompt = code_prompts.code_prompt(uow, person)
    form = CodeForm(after=request.args.get("after"))
    if not prompt.masked and not prompt.disabled:
        return redirect(url_for("sign_in.phone", after=form.after.data), code=303)
    return render_template("sign_in/code.html", form=form, prompt=prompt, **page)


@blueprint.post("/c/<company>/sign-in/code", endpoint="confirm_code")
@public
@proving(Factor.SMS)
def confirm_code(uow: UnitOfWork, person: SignedIn, **page: Any) -> Response:
    """All the way in with a good code; 422 with what to do otherwise."""
    form = CodeForm()
    if not form.validate():
        prompt = code_prompts.code_prompt(uow, person)
        return form_answer("sign_in/code.html", form=form, prompt=prompt, **page)
    try:
        token = second_factors.confirm(uow, person, form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        prompt = code_prompts.code_prompt(uow, person)
        return refused_form("sign_in/code.html", form, refusal, prompt=prompt, **page)
    return go_in(uow, token, form.after.data)


@blueprint.post("/c/<company>/sign-in/code/messages", endpoint="send_code")
@public
@proving(Factor.SMS)
def send_code(uow: UnitOfWork, person: SignedIn, **page: Any) -> Response:
    """Another code; 429 and from when on when asked too often."""
    form = CodeForm()
    try:
        second_factors.send_again(uow, person)
    except Refusal as refusal:
        prompt = code_prompts.code_prompt(uow, person)
        return refused_form("sign_in/code.html", form, refusal, prompt=prompt, **page)
    flash(_("A new code is on its way. Codes sent before no longer work."), "success")
    return redirect(url_for("sign_in.code", after=wanted(uow)), code=303)


@blueprint.get("/c/<company>/sign-in/phone")
@public
@half_way
def phone(uow: UnitOfWork, person: SignedIn) -> str:
    """Offers the number that HR knows, or asks for one."""
    form = PhoneForm(after=request.args.get("after"))
    return render_template("sign_in/phone.html", form=form, **_about(uow, person))


@blueprint.post("/c/<company>/sign-in/phone", endpoint="choose_phone")
@public
@half_way
def choose_phone(uow: UnitOfWork, person: SignedIn) -> Response:
    """Sends the first code to the number; it is bound when the code comes back."""
    form = PhoneForm()
    about = _about(uow, person)
    if not form.validate():
        return form_answer("sign_in/phone.html", form=form, **about)
    try:
        second_factors.choose_number(uow, person, form.phone.data)
    except Refusal as refusal:
        return refused_form("sign_in/phone.html", form, refusal, **about)
    return redirect(url_for("sign_in.code", after=wanted(uow)), code=303)


def _about(uow: UnitOfWork, person: SignedIn) -> dict[str, Any]:
    return {"known": code_prompts.offered_number(uow, person), "choice": enrolment.may_choose(uow, person)}
