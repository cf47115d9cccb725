"""Look and language, chosen with one press from every page."""

from flask import Blueprint

blueprint = Blueprint("preferences", __name__)

from portal.blueprints.preferences import routes as routes  # noqa: E402
