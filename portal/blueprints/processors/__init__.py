"""Who else handles the company's data for the operator, and what the company says to it."""

from flask import Blueprint

blueprint = Blueprint("processors", __name__)

from portal.blueprints.processors import routes  # noqa: E402, F401
