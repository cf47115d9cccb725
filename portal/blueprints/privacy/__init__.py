"""Personal data: the record of processing, one's own copy, requests to be forgotten, what goes when."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)

from portal.blueprints.privacy import record  # noqa: E402, F401
