"""Rosters: the list of a month, the grid of a team, its cells, publishing, print, and shift templates."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words
from portal.web.roster_grid import away_label, clock

blueprint = Blueprint("rosters", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "away_label": away_label, "clock": clock}


from portal.blueprints.rosters import cells, lists, printing, publication, templates  # noqa: E402, F401
