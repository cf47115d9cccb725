"""The start page: from a company's short name or a work e-mail to that company's sign-in."""

from flask import Blueprint

blueprint = Blueprint("start", __name__)

from portal.blueprints.start import routes as routes  # noqa: E402
