"""Keeps the chosen look and language in this browser, and the language with the person when signed in."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.blueprints.preferences import blueprint
from portal.db import UnitOfWork
from portal.services import preferences
from portal.web.guards import public
from portal.web.language import COOKIE, LANGUAGES
from portal.web.local_paths import local_path

_A_YEAR = 31_536_000
_LOOKS = {"light", "dark", "system"}


@blueprint.post("/preferences")
@blueprint.post("/c/<company>/preferences")
@public
def update(uow: UnitOfWork | None = None) -> Response:
    """Takes `theme` or `language`, whichever was pressed, and goes back to the page it was pressed on."""
    language = request.form.get("language")
    theme = request.form.get("theme")
    answer = redirect(local_path(request.form.get("next")) or "/", code=303)
    if language in LANGUAGES:
        if uow is not None and uow.actor.employee_id is not None:
            preferences.choose_language(uow, language)
        _keep(answer, COOKIE, language)
    if theme in _LOOKS:
        _keep(answer, "theme", None if theme == "system" else theme)
    return answer


def _keep(answer: Response, name: str, value: str | None) -> None:
    """None: as if never chosen."""
    answer.set_cookie(
        name, value or "", max_age=_A_YEAR if value else 0, secure=True, httponly=True, samesite="Lax"
    )
