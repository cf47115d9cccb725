"""Going to a provider and coming back. Going is a plain link: a form could not be sent on to another site."""

from __future__ import annotations

from uuid import UUID

from flask import abort, make_response, redirect, request
from werkzeug.wrappers import Response

from portal.blueprints.sso import blueprint
from portal.blueprints.sso.arrivals import arrive, refused
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services.sign_in import Browser
from portal.services.sso import finishing, starting
from portal.web import session_cookies, sso_cookies
from portal.web.cross_site import is_visit
from portal.web.guards import public
from portal.web.local_paths import company_path


@blueprint.get("/c/<company>/sso/<uuid:provider_id>")
@public
def start(uow: UnitOfWork, provider_id: UUID) -> Response:
    """303 to the provider's own sign-in page."""
    if not is_visit():
        abort(400)  # pictures and frames of other sites begin no trips in their readers' names
    secret = sso_cookies.secret_for_trip()
    try:
        departure = starting.begin(
            uow,
            provider_id,
            browser_secret=secret,
            after=company_path(request.args.get("after"), uow.company.slug),
            invitation=request.args.get("invitation"),
        )
    except Refusal as refusal:
        return refused(refusal)
    answer = make_response(redirect(departure.url, code=303))
    return sso_cookies.bind(answer, secret, cross_site=departure.posted_back)


@blueprint.get("/c/<company>/sso/<uuid:provider_id>/callback")
@public
def finish(uow: UnitOfWork, provider_id: UUID) -> Response:
    """Where the provider sends the browser back to. Whatever comes here uses its trip up."""
    try:
        ended = finishing.finish(
            uow,
            provider_id,
            request.args.to_dict(),
            browser_secret=sso_cookies.browser_secret(),
            browser=Browser(request.user_agent.string, session_cookies.presented_token()),
        )
    except Refusal as refusal:
        return refused(refusal)
    return arrive(uow, ended, provider_id)
