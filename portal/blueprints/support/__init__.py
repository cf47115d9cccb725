"""What a company opens to the operator's staff: asking for help, letting them in, ending it."""

from flask import Blueprint

blueprint = Blueprint("support", __name__)

from portal.blueprints.support import routes  # noqa: E402, F401
