"""Taking everything of the company along."""

from flask import Blueprint

blueprint = Blueprint("archives", __name__)

from portal.blueprints.archives import routes  # noqa: E402, F401
