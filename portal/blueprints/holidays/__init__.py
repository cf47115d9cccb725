"""The company's public holidays: the year of each site, own days, files of them, and regions by date."""

from typing import Any

from flask import Blueprint

from portal.web import absence_words, holiday_words

blueprint = Blueprint("holidays", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": absence_words, "holiday_words": holiday_words}


from portal.blueprints.holidays import days, lists, people, regions  # noqa: E402, F401
