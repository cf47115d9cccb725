"""The month calendar of a team."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words

blueprint = Blueprint("calendar", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words}


from portal.blueprints.calendar import routes  # noqa: E402, F401
