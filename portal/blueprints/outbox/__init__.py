"""The local outbox of a demonstration. Production has no such page."""

from flask import Blueprint

blueprint = Blueprint("outbox", __name__)

from portal.blueprints.outbox import routes  # noqa: E402, F401
