"""The company's teams and sites: their names, and where a site is."""

from typing import Any

from flask import Blueprint

from portal.web import holiday_words

blueprint = Blueprint("teams_and_sites", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"holiday_words": holiday_words}


from portal.blueprints.teams_and_sites import lists, sites, teams  # noqa: E402, F401
