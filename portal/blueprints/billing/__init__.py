"""Plan and payment, and the door at which Stripe knocks."""

from flask import Blueprint

blueprint = Blueprint("billing", __name__)

from portal.blueprints.billing import routes, webhook  # noqa: E402, F401
