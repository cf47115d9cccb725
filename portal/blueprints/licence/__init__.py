"""The licence of a company: where it stands, closing it, taking it up again."""

from flask import Blueprint

blueprint = Blueprint("licence", __name__)

from portal.blueprints.licence import files, routes  # noqa: E402, F401
