"""The people pages: directory, records, access and roles, import and export."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from portal.blueprints.people import access_rights, directory, exports, imports, records  # noqa: E402, F401
