"""Puts a service's refusal where the person can do something about it: at its field, or above the form."""

from __future__ import annotations

from flask import make_response, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.domain.refusals import Reason, Refusal
from portal.web.refusals import sentence

_TOO_OFTEN = {Reason.TOO_MANY_ATTEMPTS, Reason.CODE_SENT_TOO_OFTEN, Reason.CODES_STOPPED}


def put_refusal(form: FlaskForm, refusal: Refusal) -> None:
    """The sentence joins the errors of the field that the refusal names, else those of the whole form."""
    said = sentence(refusal)
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, said]
    else:
        form.form_errors.append(said)


def refused_form(template: str, form: FlaskForm, refusal: Refusal, **context: object) -> Response:
    """The form again: 429 when it was sent too often, else 422."""
    put_refusal(form, refusal)
    status = 429 if refusal.reason in _TOO_OFTEN else 422
    return make_response(render_template(template, form=form, **context), status)
