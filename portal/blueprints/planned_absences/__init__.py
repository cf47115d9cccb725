"""Days that people plan for themselves, before they ask for them. They stand on the page of one's own absences."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, planned_words

blueprint = Blueprint("planned_absences", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "planned_words": planned_words}


from portal.blueprints.planned_absences import routes  # noqa: E402, F401
