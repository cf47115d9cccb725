"""The audit log of a company, for those who may read it."""

from flask import Blueprint

blueprint = Blueprint("audit", __name__)

from portal.blueprints.audit import exports, feed, routes  # noqa: E402, F401
