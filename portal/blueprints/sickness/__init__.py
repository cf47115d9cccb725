"""Sickness: "I am ill", reports for others, what HR accepts, and the proofs."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, sickness_words
from portal.web.refusals import sentence

blueprint = Blueprint("sickness", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "sick_words": sickness_words, "sentence": sentence}


from portal.blueprints.sickness import changes, lists, proofs, reports  # noqa: E402, F401
