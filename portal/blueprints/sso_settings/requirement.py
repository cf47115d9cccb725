"""Requiring single sign-on of everybody, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sso_settings import blueprint
from portal.blueprints.sso_settings.forms import RequirementForm
from portal.blueprints.sso_settings.routes import overview
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import sign_in_policy
from portal.services.sso import enforcement
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.post("/c/<company>/settings/sign-in/requirement")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.index")
def require(uow: UnitOfWork) -> Response:
    """From now on passwords open nothing, but for one admin."""
    candidates = sign_in_policy.candidates(uow)
    form = RequirementForm()
    form.offer(candidates)
    if not form.validate():
        return form_answer("sso_settings/index.html", form=form, **overview(uow, candidates))
    try:
        enforcement.require(uow, UUID(form.break_glass.data))
    except Refusal as refusal:
        return refused_form("sso_settings/index.html", form, refusal, **overview(uow, candidates))
    flash(_("Everybody signs in with a provider now. Whoever came by password is signed out."), "success")
    return redirect(url_for("sso_settings.index"), code=303)


@blueprint.post("/c/<company>/settings/sign-in/requirement/end")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.index")
def allow_passwords(uow: UnitOfWork) -> Response:
    """Passwords open the door again."""
    enforcement.allow_passwords(uow)
    flash(_("Passwords are allowed again."), "success")
    return redirect(url_for("sso_settings.index"), code=303)
