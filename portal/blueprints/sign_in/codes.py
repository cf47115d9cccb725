"""The second step: a code by SMS, and choosing the number it goes to. The session is half-open meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import go_on
from portal.blueprints.sign_in.forms import CodeForm, PhoneForm
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import code_prompts, second_factors
from portal.services.sessions import SignedIn
from portal.web import session_cookies
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer, redirect_everywhere
from portal.web.local_paths import company_path

View = Callable[..., Any]


def half_way(view: View) -> View:
    """Gives the handler the person whose session waits for its code; sends all others where they belong."""

    @wraps(view)
    def checked(uow: UnitOfWork) -> Any:
        person = session_cookies.person_here()
        after = company_path(request.values.get("after"), uow.company.slug)
        if person is not None and person.complete:
            return redirect_everywhere(after or url_for("home.index"))
        if person is None or not second_factors.asked_after(uow):
            return redirect_everywhere(url_for("sign_in.show", after=after))
        return view(uow, person)

    return checked


@blueprint.get("/c/<company>/sign-in/code")
@public
@half_way
def code(uow: UnitOfWork, person: SignedIn) -> str | Response:
    """Asks for the code, or leads to choosing a number first."""
    prompt = code_prompts.code_prompt(uow, person)
    form = CodeForm(after=request.args.get("after"))
    if not prompt.masked and not prompt.disabled:
        return redirect(url_for("sign_in.phone", after=form.after.data), code=303)
    return render_template("sign_in/code.html", form=form, prompt=prompt)


@blueprint.post("/c/<company>/sign-in/code", endpoint="confirm_code")
@public
@half_way
def confirm_code(uow: UnitOfWork, person: SignedIn) -> Response:
    """All the way in with a good code; 422 with what to do otherwise."""
    form = CodeForm()
    if not form.validate():
        return form_answer("sign_in/code.html", form=form, prompt=code_prompts.code_prompt(uow, person))
    try:
        token = second_factors.confirm(uow, person, form.code.data or "")
    except Refusal as refusal:
        form.code.data = ""
        return refused_form("sign_in/code.html", form, refusal, prompt=code_prompts.code_prompt(uow, person))
    session_cookies.begin(token)
    return go_on(uow, form.after.data)


@blueprint.post("/c/<company>/sign-in/code/messages", endpoint="send_code")
@public
@half_way
def send_code(uow: UnitOfWork, person: SignedIn) -> Response:
    """Another code; 429 and from when on when asked too often."""
    form = CodeForm()
    try:
        second_factors.send_again(uow, person)
    except Refusal as refusal:
        return refused_form("sign_in/code.html", form, refusal, prompt=code_prompts.code_prompt(uow, person))
    flash(_("A new code is on its way. Codes sent before no longer work."), "success")
    return redirect(url_for("sign_in.code", after=_after(uow, form.after.data)), code=303)


@blueprint.get("/c/<company>/sign-in/phone")
@public
@half_way
def phone(uow: UnitOfWork, person: SignedIn) -> str:
    """Offers the number that HR knows, or asks for one."""
    form = PhoneForm(after=request.args.get("after"))
    return render_template("sign_in/phone.html", form=form, known=code_prompts.offered_number(uow, person))


@blueprint.post("/c/<company>/sign-in/phone", endpoint="choose_phone")
@public
@half_way
def choose_phone(uow: UnitOfWork, person: SignedIn) -> Response:
    """Sends the first code to the number; it is bound when the code comes back."""
    form = PhoneForm()
    known = code_prompts.offered_number(uow, person)
    if not form.validate():
        return form_answer("sign_in/phone.html", form=form, known=known)
    try:
        second_factors.choose_number(uow, person, form.phone.data)
    except Refusal as refusal:
        return refused_form("sign_in/phone.html", form, refusal, known=known)
    return redirect(url_for("sign_in.code", after=_after(uow, form.after.data)), code=303)


def _after(uow: UnitOfWork, asked: str | None) -> str | None:
    return company_path(asked, uow.company.slug)
