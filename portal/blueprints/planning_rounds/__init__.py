"""Planning rounds: opened, weighed on one sheet, looked at before they are published, undone as one."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, planned_words, planning_words
from portal.web.refusals import sentence

blueprint = Blueprint("planning_rounds", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": absence_words,
        "planned_words": planned_words,
        "said": planning_words,
        "sentence": sentence,
    }


from portal.blueprints.planning_rounds import routes  # noqa: E402, F401
