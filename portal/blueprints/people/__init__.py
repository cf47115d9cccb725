"""The people pages: directory, records, access and roles, import."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from portal.blueprints.people import access_rights, directory, imports, records  # noqa: E402, F401
