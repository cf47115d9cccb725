"""One's own security: second factors, where one is signed in, and who tried to get in."""

from flask import Blueprint

blueprint = Blueprint("sessions", __name__)

from portal.blueprints.sessions import (  # noqa: E402, F401
    authenticator,
    looks,
    passkeys,
    phone,
    recovery,
    routes,
)
