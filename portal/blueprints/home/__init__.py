"""The first page after signing in."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)

from portal.blueprints.home import routes  # noqa: E402, F401
