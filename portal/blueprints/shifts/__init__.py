"""One's own shifts, and the templates that planners make shifts from."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words

blueprint = Blueprint("shifts", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words}


from portal.blueprints.shifts import own, templates  # noqa: E402, F401
