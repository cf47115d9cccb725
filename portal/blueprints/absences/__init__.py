"""The absences pages."""

from flask import Blueprint

blueprint = Blueprint("absences", __name__)
