"""The e-mail domains of a company: claimed, proven, given up."""

from flask import Blueprint

blueprint = Blueprint("domains", __name__)

from portal.blueprints.domains import routes  # noqa: E402, F401
