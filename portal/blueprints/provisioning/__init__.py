"""Provisioning for admins: tokens of the directory service, what it wrote, and the roles its groups lead to."""

from flask import Blueprint

blueprint = Blueprint("provisioning", __name__)

from portal.blueprints.provisioning import routes  # noqa: E402, F401
