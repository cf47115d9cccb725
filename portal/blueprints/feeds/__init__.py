"""Calendar feeds: making and revoking one's own, and what calendar programs fetch."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)

from portal.blueprints.feeds import fetching, own  # noqa: E402, F401
