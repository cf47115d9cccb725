"""Time off: one's own requests and balance, the decisions over those of others, and the ledger behind it."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, approval_words, sickness_words
from portal.web.refusals import sentence

blueprint = Blueprint("absences", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": absence_words,
        "said": approval_words,
        "sick_words": sickness_words,
        "sentence": sentence,
    }


from portal.blueprints.absences import approvals, changes, days, entries, ledger, own  # noqa: E402, F401
