"""The SCIM 2.0 service of a company, for its directory: people and groups by machine."""

from flask import Blueprint

blueprint = Blueprint("scim", __name__)

from portal.blueprints.scim import groups, service, users  # noqa: E402, F401
