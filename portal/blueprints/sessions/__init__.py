"""One's own sessions: where one is signed in, and ending that."""

from flask import Blueprint

blueprint = Blueprint("sessions", __name__)

from portal.blueprints.sessions import routes  # noqa: E402, F401
