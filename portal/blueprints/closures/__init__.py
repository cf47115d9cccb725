"""Days on which the company or a site is closed."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words
from portal.web.refusals import sentence

blueprint = Blueprint("closures", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "sentence": sentence}


from portal.blueprints.closures import routes  # noqa: E402, F401
