"""The language and time zone of a page: the person's, else what they chose before, else the company's or browser's."""

from __future__ import annotations

from flask import Flask, g, request
from flask_babel import Babel

LANGUAGES = {"en": "English", "cs": "Čeština", "de": "Deutsch"}
COOKIE = "language"


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=language, timezone_selector=time_zone)


def language() -> str:
    """One of LANGUAGES."""
    uow = g.get("uow")
    candidates = [
        uow.actor.language if uow is not None and uow.actor.employee_id else None,
        request.cookies.get(COOKIE),
        request.accept_languages.best_match(list(LANGUAGES)),
        uow.company.language if uow is not None else None,
    ]
    return next((candidate for candidate in candidates if candidate in LANGUAGES), "en")


def time_zone() -> str:
    uow = g.get("uow")
    return uow.actor.time_zone if uow is not None else "UTC"
