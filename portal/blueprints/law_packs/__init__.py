"""The rules of law on leave that each site runs, to read."""

from typing import Any

from flask import Blueprint

from portal.web import holiday_words, law_words

blueprint = Blueprint("law_packs", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"holiday_words": holiday_words, "law_words": law_words}


from portal.blueprints.law_packs import choices, routes  # noqa: E402, F401
