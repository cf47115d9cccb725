"""Rules of staffing: how many have to be there or may be away, and the days ahead that break them."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, staffing_words

blueprint = Blueprint("staffing_rules", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "staffing_words": staffing_words}


from portal.blueprints.staffing_rules import routes  # noqa: E402, F401
