"""The roles of the company: what they allow, who holds them, and how the portal looks to them."""

from typing import Any

from flask import Blueprint

from portal.web import permission_words, role_words

blueprint = Blueprint("roles", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": permission_words,
        "role_explanation": role_words.role_explanation,
    }


from portal.blueprints.roles import answers, changes, lists, viewing  # noqa: E402, F401
