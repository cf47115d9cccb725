"""One's own ways to sign in: linking an account of a provider, and taking it away again."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.blueprints.sso import blueprint
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services.sso import own_ways, starting
from portal.services.sso.starting import Outing
from portal.web import sso_cookies
from portal.web.errands import Errand
from portal.web.form_refusals import refused_form
from portal.web.guards import signed_in
from portal.web.refusals import sentence
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/sign-in-methods")
@signed_in
def methods(uow: UnitOfWork) -> str:
    """What opens the door for me?"""
    return render_template("sso/methods.html", form=FlaskForm(), ways=own_ways.list_mine(uow))


@blueprint.post("/c/<company>/sign-in-methods/<uuid:provider_id>/links")
@signed_in
@freshly_proven(back="sso.methods")
def link(uow: UnitOfWork, provider_id: UUID) -> Response | Errand:
    """Begins the trip; the next page leads on by a link, because a form may not be sent to another site."""
    try:
        outing = starting.begin_link(uow, provider_id)
    except Refusal as refusal:
        return _refused(uow, refusal)
    return Errand(outing.ask, partial(_set_off, outing))


@blueprint.get("/c/<company>/sign-in-methods/trips/<uuid:trip_id>")
@signed_in
def confirm_link(uow: UnitOfWork, trip_id: UUID) -> Response:
    """Says what will happen, and leads on to the provider."""
    secret = sso_cookies.browser_secret()
    try:
        departure = starting.go_on(uow, trip_id, browser_secret=secret)
    except Refusal as refusal:
        flash(sentence(refusal), "danger")
        return redirect(url_for("sso.methods"), code=303)
    page = make_response(render_template("sso/confirm_link.html", url=departure.url))
    return sso_cookies.bind(page, secret or "", cross_site=True) if departure.posted_back else page


@blueprint.post("/c/<company>/sign-in-methods/<uuid:provider_id>/removal")
@signed_in
@freshly_proven(back="sso.methods")
def unlink(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The account opens nothing any more."""
    try:
        own_ways.unlink(uow, provider_id)
    except Refusal as refusal:
        return _refused(uow, refusal)
    flash(_("The account is removed from your ways to sign in."), "success")
    return redirect(url_for("sso.methods"), code=303)


def _set_off(outing: Outing, uow: UnitOfWork, asked: Any) -> Response:
    secret = sso_cookies.secret_for_trip()
    try:
        trip_id, _ = starting.set_off(uow, outing, asked, browser_secret=secret)
    except Refusal as refusal:
        return _refused(uow, refusal)
    answer = make_response(redirect(url_for("sso.confirm_link", trip_id=trip_id), code=303))
    return sso_cookies.bind(answer, secret)


def _refused(uow: UnitOfWork, refusal: Refusal) -> Response:
    if refusal.reason is Reason.NOT_FOUND:
        raise refusal
    return refused_form("sso/methods.html", FlaskForm(), refusal, ways=own_ways.list_mine(uow))
