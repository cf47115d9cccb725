"""What in the data of time off does not fit together, with the way to put it right."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, health_words, law_words

blueprint = Blueprint("data_health", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "health_words": health_words, "law_words": law_words}


from portal.blueprints.data_health import routes  # noqa: E402, F401
