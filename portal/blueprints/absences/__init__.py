"""Time off: one's own requests and balance, the decisions over those of others, and the ledger behind it."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, approval_words, planned_words, sickness_words, staffing_words
from portal.web.refusals import sentence

blueprint = Blueprint("absences", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": absence_words,
        "said": approval_words,
        "planned_words": planned_words,
        "sick_words": sickness_words,
        "staffing_words": staffing_words,
        "sentence": sentence,
    }


from portal.blueprints.absences import (  # noqa: E402
    agreed,  # noqa: F401
    approvals,  # noqa: F401
    cancellations,  # noqa: F401
    changes,  # noqa: F401
    covering,  # noqa: F401
    days,  # noqa: F401
    decision_links,  # noqa: F401
    entries,  # noqa: F401
    handover,  # noqa: F401
    ledger,  # noqa: F401
    own,  # noqa: F401
    replacements,  # noqa: F401
)
