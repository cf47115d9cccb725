"""The settings of a company."""

from flask import Blueprint

blueprint = Blueprint("settings", __name__)

from portal.blueprints.settings import approval_texts, overview, routes, second_factor  # noqa: E402, F401
