"""Pages of the operator's own staff, on their own host: sign-in, which companies are open, coming in and leaving."""

from flask import Blueprint

blueprint = Blueprint("operator", __name__)

from portal.blueprints.operator import emergencies, incidents, openings, passkeys, processors, sign_in  # noqa: E402, F401
