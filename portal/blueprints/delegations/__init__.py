"""Deputies: who decides in one's place, one's own and, by a right, those of others."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words

blueprint = Blueprint("delegations", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words}


from portal.blueprints.delegations import routes  # noqa: E402, F401
