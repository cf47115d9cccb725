"""The names of the built-in roles in the reader's language."""

from __future__ import annotations

from functools import cache

from flask import Flask
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from portal.web.language import LANGUAGES

ROLES: dict[str, LazyString] = {
    "employee": _l("Employee"),
    "manager": _l("Manager"),
    "planner": _l("Planner"),
    "hr": _l("HR"),
    "admin": _l("Admin"),
}
EXPLANATIONS: dict[str, LazyString] = {
    "employee": _l("Asks for time off, sees the calendar and the roster of their own team."),
    "manager": _l("Decides on the absences of their reports and teams."),
    "planner": _l("Plans and publishes the rosters of their site."),
    "hr": _l("Keeps everybody's record, absences and documents."),
    "admin": _l("Runs the portal: settings, audit log, access."),
}


def init_app(app: Flask) -> None:
    """Every page may have to name a role: the one that somebody looks as."""
    app.jinja_env.globals["role_label"] = role_label


def role_label(key: str, name: str) -> str:
    """The role in the reader's language; a company's own role keeps its own name."""
    return str(ROLES.get(key, name))


def role_explanation(key: str) -> str:
    """What the role is for, or an empty text for a company's own."""
    return str(EXPLANATIONS.get(key, ""))


@cache
def built_in_names() -> frozenset[str]:
    """What built-in roles are called in any language, in small letters: a company's own is called otherwise."""
    names = set()
    for language in LANGUAGES:
        with force_locale(language):
            names |= {str(name).casefold() for name in ROLES.values()}
    return frozenset(names)
