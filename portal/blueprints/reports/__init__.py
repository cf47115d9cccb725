"""Reports on time off, on the page and as files."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, report_words

blueprint = Blueprint("reports", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "report_words": report_words}


from portal.blueprints.reports import routes  # noqa: E402, F401
