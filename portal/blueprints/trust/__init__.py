"""What anybody can look at: each promise with its last evidence, and who else handles data."""

from flask import Blueprint

blueprint = Blueprint("trust", __name__)

from portal.blueprints.trust import routes  # noqa: E402, F401
