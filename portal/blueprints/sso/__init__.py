"""Single sign-on: going to a provider and coming back, and one's own ways to sign in."""

from flask import Blueprint

blueprint = Blueprint("sso", __name__)

from portal.blueprints.sso import arrivals, methods, saml, trips  # noqa: E402, F401
