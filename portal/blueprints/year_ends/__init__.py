"""Ends of years of entitlement: previewed, approved, posted and reversed."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, plan_words

blueprint = Blueprint("year_ends", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "plan_words": plan_words}


from portal.blueprints.year_ends import notices, routes  # noqa: E402, F401
