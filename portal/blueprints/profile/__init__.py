"""The page about oneself."""

from flask import Blueprint

blueprint = Blueprint("profile", __name__)

from portal.blueprints.profile import routes  # noqa: E402, F401
