"""One absence for many people: looked at before, entered as one, undone as one."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, staffing_words
from portal.web.refusals import sentence

blueprint = Blueprint("group_entries", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "staffing_words": staffing_words, "sentence": sentence}


from portal.blueprints.group_entries import routes  # noqa: E402, F401
