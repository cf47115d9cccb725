"""Single sign-on: going to a provider and coming back; linking one's account; the admin's set-up pages."""

from flask import Blueprint

blueprint = Blueprint("sso", __name__)

from portal.blueprints.sso import arrivals, saml, saml_setup, trips  # noqa: E402, F401
