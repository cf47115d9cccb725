"""The form that waited while its owner proved themselves: one click sends it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.db import UnitOfWork
from portal.services import kept_forms
from portal.web import kept_words
from portal.web.guards import signed_in
from portal.web.step_up import SECRETS, freshly_proven


@blueprint.get("/c/<company>/sign-in/kept-form")
@signed_in
@freshly_proven(back="sign_in.kept_form")
def kept_form(uow: UnitOfWork) -> str | Response:
    """What was typed, on its way once more; home when nothing waits."""
    kept = kept_forms.find(uow)
    if kept is None:
        flash(_("Nothing waits to be sent any more."), "message")
        return redirect(url_for("home.index"), code=303)
    return render_template(
        "sign_in/kept_form.html", kept=kept, entries=kept_words.summary(uow, kept), labels=SECRETS
    )
