"""Going to a provider and coming back. Going is a plain link: a form could not be sent on to another site."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import abort, make_response, redirect, request
from werkzeug.wrappers import Response

from portal.blueprints.sso import blueprint
from portal.blueprints.sso.arrivals import arrive, refused
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services.sign_in import Browser
from portal.services.sso import finishing, starting
from portal.services.sso.finishing import Arrival
from portal.services.sso.starting import Outing
from portal.web import session_cookies, sso_cookies
from portal.web.cross_site import is_visit
from portal.web.errands import Errand
from portal.web.guards import public
from portal.web.local_paths import company_path


@blueprint.get("/c/<company>/sso/<uuid:provider_id>")
@public
def start(uow: UnitOfWork, provider_id: UUID) -> Response | Errand:
    """303 to the provider's own sign-in page."""
    if not is_visit():
        abort(400)  # pictures and frames of other sites begin no trips in their readers' names
    try:
        outing = starting.begin(
            uow,
            provider_id,
            after=company_path(request.args.get("after"), uow.company.slug),
            invitation=request.args.get("invitation"),
        )
    except Refusal as refusal:
        return refused(refusal)
    return Errand(outing.ask, partial(_set_off, outing))


@blueprint.get("/c/<company>/sso/<uuid:provider_id>/callback")
@public
def finish(uow: UnitOfWork, provider_id: UUID) -> Response | Errand:
    """Where the provider sends the browser back to. Whatever comes here uses its trip up, before it is asked about."""
    try:
        arrival = finishing.receive(
            uow, provider_id, request.args.to_dict(), browser_secret=sso_cookies.browser_secret()
        )
    except Refusal as refusal:
        return refused(refusal)
    return Errand(arrival.ask, partial(_finish, arrival))


def _set_off(outing: Outing, uow: UnitOfWork, asked: Any) -> Response:
    secret = sso_cookies.secret_for_trip()
    try:
        _, departure = starting.set_off(uow, outing, asked, browser_secret=secret)
    except Refusal as refusal:
        return refused(refusal)
    answer = make_response(redirect(departure.url, code=303))
    return sso_cookies.bind(answer, secret, cross_site=departure.posted_back)


def _finish(arrival: Arrival, uow: UnitOfWork, brought: Any) -> Response:
    browser = Browser(request.user_agent.string, session_cookies.presented_token())
    try:
        ended = finishing.finish(uow, arrival, brought, browser=browser)
    except Refusal as refusal:
        return refused(refusal)
    return arrive(uow, ended, arrival.provider_id)
