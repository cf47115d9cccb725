"""Support access in the reader's language: areas, protected values, states."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.support import Area, GrantKind, GrantState, SealedField

AREAS: dict[Area, LazyString] = {
    Area.PEOPLE: _l("People: the directory and people's records"),
    Area.ABSENCES: _l("Absences, balances and the calendar"),
    Area.ROSTERS: _l("Rosters and shifts"),
    Area.DOCUMENTS: _l("Documents: what was handed out and confirmed, not the files"),
    Area.SETTINGS: _l("Settings of the company"),
}
SHORT_AREAS: dict[str, LazyString] = {
    Area.PEOPLE: _l("People"),
    Area.ABSENCES: _l("Absences"),
    Area.ROSTERS: _l("Rosters"),
    Area.DOCUMENTS: _l("Documents"),
    Area.SETTINGS: _l("Settings"),
}
SEALED: dict[str, LazyString] = {
    SealedField.PHONE: _l("Mobile phone numbers"),
    SealedField.ABSENCE_REASON: _l("Reasons of absences"),
}
STATES: dict[GrantState, LazyString] = {
    GrantState.WAITING: _l("Waits for a decision"),
    GrantState.LIVE: _l("Open now"),
    GrantState.REFUSED: _l("Not opened"),
    GrantState.ENDED: _l("Ended"),
    GrantState.EXPIRED: _l("Time over"),
    GrantState.LAPSED: _l("Never decided"),
}
KINDS: dict[GrantKind, LazyString] = {
    GrantKind.REQUEST: _l("Asked for by the company"),
    GrantKind.BREAK_GLASS: _l("Emergency opening by two of the staff"),
}
_TONES = {
    GrantState.WAITING: "pending",
    GrantState.LIVE: "running",
    GrantState.REFUSED: "rejected",
    GrantState.LAPSED: "expired",
    GrantState.EXPIRED: "expired",
    GrantState.ENDED: "ended",
}


#: The page of each area on which a visit begins.
_PAGES: dict[Area, tuple[str, ...]] = {
    Area.PEOPLE: ("people.index",),
    Area.ABSENCES: ("calendar.index", "people.index"),
    Area.ROSTERS: ("rosters.index",),
    Area.DOCUMENTS: ("documents.manage",),
    Area.SETTINGS: ("settings.edit",),
}
_PAGE_NAMES: dict[str, LazyString] = {
    "people.index": _l("People"),
    "calendar.index": _l("Calendar"),
    "rosters.index": _l("Roster"),
    "documents.manage": _l("Documents"),
    "settings.edit": _l("Settings"),
}


def pages_of(areas: Iterable[Area]) -> list[tuple[str, str]]:
    """Endpoint and name of the pages on which a visit begins, each once."""
    endpoints = dict.fromkeys(endpoint for area in areas for endpoint in _PAGES[area])
    return [(endpoint, str(_PAGE_NAMES[endpoint])) for endpoint in endpoints]


def init_app(app: Flask) -> None:
    """Every page may have to say what is open: the banner does, while somebody of support is here."""
    app.jinja_env.globals.update(
        area_labels=area_labels,
        sealed_labels=sealed_labels,
        support_state_label=state_label,
        support_state_tone=state_tone,
    )


def state_label(state: GrantState) -> str:
    return str(STATES[state])


def state_tone(state: GrantState) -> str:
    """The badge that the state looks like."""
    return _TONES[state]


def area_labels(areas: Iterable[str]) -> str:
    """The areas in one line; one of a later version is shown as it is called."""
    return ", ".join(str(SHORT_AREAS.get(area, area)) for area in areas)


def sealed_labels(sealed: Iterable[str]) -> str:
    return ", ".join(str(SEALED.get(one, one)) for one in sealed)
