"""The ways in and out: password, invitation, reset, second factors, proving oneself again, signing out."""

from flask import Blueprint

blueprint = Blueprint("sign_in", __name__)

from portal.blueprints.sign_in import (  # noqa: E402, F401
    authenticator,
    codes,
    kept_form,
    links,
    passkeys,
    passwords,
    recovery,
    routes,
    set_up,
)
