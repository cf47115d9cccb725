"""What a company reads of incidents that touched it, and whom it wants to be written to."""

from flask import Blueprint

blueprint = Blueprint("incidents", __name__)

from portal.blueprints.incidents import report, routes  # noqa: E402, F401
