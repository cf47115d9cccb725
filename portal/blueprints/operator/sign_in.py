"""The staff's door: set-up by a link, sign-in, sign-out."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.operator import blueprint
from portal.blueprints.operator.entering import entered
from portal.blueprints.operator.forms import StaffSetUpForm, StaffSignInForm
from portal.domain.passwords import MINIMUM_AS_SOLE_FACTOR
from portal.domain.refusals import Refusal
from portal.services import operator_sign_in, operator_staff
from portal.services.operator_work import OperatorWork
from portal.web import operator_door
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer
from portal.web.operator_door import staff_door


@blueprint.get("/operator/sign-in")
@staff_door
def sign_in(work: OperatorWork) -> str | Response:
    if work.staff is not None:
        return redirect(url_for("operator.index"), code=303)
    return render_template("operator/sign_in.html", form=StaffSignInForm())


@blueprint.post("/operator/sign-in", endpoint="enter")
@staff_door
def enter(work: OperatorWork) -> Response:
    form = StaffSignInForm()

    def prove() -> str:
        return operator_sign_in.sign_in(
            work, email=form.email.data or "", password=form.password.data or "", code=form.code.data or ""
        )

    return entered(work, form, template="operator/sign_in.html", proof=form.code, prove=prove)


@blueprint.post("/operator/sign-out")
@staff_door
def sign_out(work: OperatorWork) -> Response:
    if work.staff is not None:
        operator_sign_in.sign_out(work, work.staff)
    operator_door.forget()
    return redirect(url_for("operator.sign_in"), code=303)


@blueprint.get("/operator/set-up/<token>")
@staff_door
def set_up(work: OperatorWork, token: str) -> str:
    found = operator_staff.find_set_up(work, token)
    if found is None:
        abort(404)
    return render_template(
        "operator/set_up.html",
        form=StaffSetUpForm(),
        begun=found,
        token=token,
        minimum=MINIMUM_AS_SOLE_FACTOR,
    )


@blueprint.post("/operator/set-up/<token>", endpoint="finish_set_up")
@staff_door
def finish_set_up(work: OperatorWork, token: str) -> Response:
    found = operator_staff.find_set_up(work, token)
    if found is None:
        abort(404)
    form, template = StaffSetUpForm(), "operator/set_up.html"
    shown = {"begun": found, "token": token, "minimum": MINIMUM_AS_SOLE_FACTOR}
    if not form.validate():
        return form_answer(template, form=form, **shown)
    try:
        operator_staff.finish_set_up(
            work, token, password=form.password.data or "", code=form.code.data or ""
        )
    except Refusal as refusal:
        form.code.data = ""
        return refused_form(template, form, refusal, **shown)
    flash(_("You are set up. Sign in with your password and the next code of your app."), "success")
    return redirect(url_for("operator.sign_in"), code=303)
