"""Documents: what I received and confirm, and what the company hands out."""

from flask import Blueprint

blueprint = Blueprint("documents", __name__)

from portal.blueprints.documents import distributions, management, routes  # noqa: E402, F401
