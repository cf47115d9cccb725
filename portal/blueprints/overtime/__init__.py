"""Overtime that becomes time off: one's own hours, those that wait for a decision, and those put down for others."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, approval_words, overtime_words

blueprint = Blueprint("overtime", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "said": overtime_words, "steps": approval_words}


from portal.blueprints.overtime import decision_links, decisions, handover, people, roster_hours, routes  # noqa: E402, F401
