"""The language and time zone of a page: the person's, else what they chose before, else the company's or browser's."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_translations, refresh

LANGUAGES = {"en": "English", "cs": "Čeština", "de": "Deutsch"}
COOKIE = "language"


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=language, timezone_selector=time_zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: _catalogue().unpgettext(context, one, many, number),
    )
    # Jinja's `_` looks the name `gettext` up for every text, and copies the context for it.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]


def language() -> str:
    """One of LANGUAGES."""
    uow = g.get("uow")
    candidates = [
        g.get("reader_language"),
        uow.actor.language if uow is not None and uow.actor.employee_id else None,
        request.cookies.get(COOKIE),
        request.accept_languages.best_match(list(LANGUAGES)),
        uow.company.language if uow is not None else None,
    ]
    return next((candidate for candidate in candidates if candidate in LANGUAGES), "en")


def speak_to_reader(own: str) -> None:
    """From here on in the language of whom a letter was written to, or in the one chosen in their browser.

    Who reads shows only after the link is read, and by then a form may have spoken the browser's language.
    """
    chosen = request.cookies.get(COOKIE)
    g.reader_language = chosen if chosen in LANGUAGES else own
    refresh()
    if hasattr(request, "catalogue"):
        del request.catalogue


def time_zone() -> str:
    uow = g.get("uow")
    return uow.actor.time_zone if uow is not None else "UTC"


def _catalogue() -> Any:
    """The page's translations, found once: templates ask for hundreds of texts, and finding the catalogue
    anew for each took a fifth of a long page. Flask-Babel keeps the locale as long.
    """
    if not has_request_context():
        return get_translations()
    held = getattr(request, "catalogue", None)
    if held is None:
        held = get_translations()
        request.catalogue = held  # type: ignore[attr-defined]
    return held
