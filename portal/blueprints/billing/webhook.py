"""Where Stripe tells that something happened. Its signature is the only thing that is believed (T169)."""

from __future__ import annotations

from functools import partial

from flask import abort, current_app, make_response, request
from werkzeug.wrappers import Response

from portal.blueprints.billing import blueprint
from portal.integrations.payments import EventRefused, PaymentsUnavailable
from portal.services import billing, companies
from portal.web.cross_site import posted_from_elsewhere
from portal.web.guards import public
from portal.web.tenancy import unit_of_work_of


@blueprint.post("/webhooks/stripe")
@posted_from_elsewhere
@public
def webhook() -> Response:
    """200 when it is taken in or was before; 400 for what is not Stripe's or not for us; 503: try again."""
    staffroom = current_app.extensions["staffroom"]
    if not staffroom.outside.payments.on:
        abort(404)
    try:
        signature = request.headers.get("Stripe-Signature", "")
        event = staffroom.outside.payments.event(request.get_data(), signature, staffroom.clock.now())
    except EventRefused:
        abort(400)
    company_id = billing.company_of(event)
    company = companies.company_facts(company_id) if company_id is not None else None
    if company is None:
        abort(400)
    try:
        billing.follow(partial(unit_of_work_of, company, reason="stripe"), event)
    except PaymentsUnavailable:
        abort(503)
    return make_response("", 200)
