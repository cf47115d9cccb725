"""The shifts pages."""

from flask import Blueprint

blueprint = Blueprint("shifts", __name__)
