"""The addresses that a SAML provider knows: where it answers, and our paper about ourselves."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FlaskResponse
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.sso import blueprint
from portal.blueprints.sso.arrivals import arrive, refused
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services.sign_in import Browser
from portal.services.sso import provider_access, saml, saml_arrival
from portal.web import session_cookies, sso_cookies
from portal.web.cross_site import posted_from_elsewhere
from portal.web.guards import public


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/acs")
@posted_from_elsewhere
@public
def saml_answer(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The provider's answer, posted through the browser: 303 to a page of ours, wherever RelayState points."""
    try:
        ticket = saml_arrival.receive(
            uow,
            provider_id,
            posted=request.form.get("SAMLResponse", ""),
            relay_state=request.form.get("RelayState", ""),
            browser_secret=sso_cookies.browser_secret(cross_site=True),
        )
    except Refusal as refusal:
        return refused(refusal)
    return redirect(url_for("sso.saml_arrive", provider_id=provider_id, ticket=ticket), code=303)


@blueprint.get("/c/<company>/saml/<uuid:provider_id>/arrival")
@public
def saml_arrive(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The second leg, with the session of the browser: in, to a code, to the report of a test, or not at all."""
    try:
        ended = saml_arrival.arrive(
            uow,
            provider_id,
            request.args.get("ticket", ""),
            browser_secret=sso_cookies.browser_secret(cross_site=True),
            browser=Browser(request.user_agent.string, session_cookies.presented_token()),
        )
    except Refusal as refusal:
        return refused(refusal)
    return arrive(uow, ended, provider_id)


@blueprint.get("/c/<company>/saml/<uuid:provider_id>/metadata")
@public
def saml_metadata(uow: UnitOfWork, provider_id: UUID) -> Response:
    """Our paper for the provider's admin; its address is our entity ID."""
    paper = saml.metadata(uow, provider_access.find_any(uow, provider_id))
    answer = FlaskResponse(paper, mimetype="application/samlmetadata+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="staffroom-{uow.company.slug}.xml"'
    return answer
