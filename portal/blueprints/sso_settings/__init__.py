"""The admin's pages of single sign-on: providers, their set-up and tests, who must use them, and the log."""

from flask import Blueprint

blueprint = Blueprint("sso_settings", __name__)

from portal.blueprints.sso_settings import providers, requirement, routes, saml, saml_keys, tests  # noqa: E402, F401
