"""Letting a member of the staff in, whatever they prove themselves with."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.domain.refusals import Refusal
from portal.services.operator_work import OperatorWork
from portal.web import operator_door
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer


def entered(
    work: OperatorWork, form: FlaskForm, *, template: str, proof: StringField, prove: Callable[[], str]
) -> Response:
    """303 to what is open; 422 or 429 otherwise, and a wrong try counts though nothing else is kept.

    `proof` is the field with what is good once: the next try gets it empty.
    """
    if not form.validate():
        return form_answer(template, form=form)
    try:
        token = prove()
    except Refusal as refusal:
        work.session.commit()
        proof.data = ""
        return refused_form(template, form, refusal)
    operator_door.begin(token)
    return redirect(url_for("operator.index"), code=303)
