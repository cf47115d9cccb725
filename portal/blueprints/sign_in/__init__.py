"""The ways in and out: password, invitation, reset, code by SMS, signing out, changing one's password."""

from flask import Blueprint

blueprint = Blueprint("sign_in", __name__)

from portal.blueprints.sign_in import codes, links, passwords, routes  # noqa: E402, F401
