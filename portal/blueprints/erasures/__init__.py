"""Certificates of erased companies, for whoever has the address; they name nobody."""

from flask import Blueprint

blueprint = Blueprint("erasures", __name__)

from portal.blueprints.erasures import routes  # noqa: E402, F401
