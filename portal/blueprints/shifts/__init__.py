"""One's own published shifts."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words

blueprint = Blueprint("shifts", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words}


from portal.blueprints.shifts import own  # noqa: E402, F401
