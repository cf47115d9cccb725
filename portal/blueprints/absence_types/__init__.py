"""The company's types of absence: how they look, and their rules by date."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words

blueprint = Blueprint("absence_types", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words}


from portal.blueprints.absence_types import approvals, changes, lists, overtime, plans  # noqa: E402, F401
