"""Calendar feeds in the reader's language: what a feed shows, and the line of each entry."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.feeds import FeedContent, FeedScope
from portal.domain.holidays import HolidayPart
from portal.services.feed_entries import Entry, State, Subject
from portal.services.feeds import Fetch
from portal.web.absence_words import type_label
from portal.web.holiday_words import part

SCOPES = {
    FeedScope.OWN: _l("My own time"),
    FeedScope.TEAM: _l("A team"),
    FeedScope.COMPANY: _l("Everybody in the company"),
}
_HALF_HOLIDAYS = {HolidayPart.AM: _l("morning"), HolidayPart.PM: _l("afternoon")}


def whose(content: FeedContent, team: str) -> str:
    """Whose time a feed shows."""
    if content.scope is FeedScope.TEAM:
        return _("Team %(team)s", team=team)
    return str(SCOPES[content.scope])


def shows(content: FeedContent) -> str:
    """What of it: absences, shifts."""
    parts = [
        (content.absences, _("absences")),
        (content.shifts, _("shifts")),
        (content.holidays, _("public holidays")),
    ]
    listed = ", ".join(name for chosen, name in parts if chosen)
    return _("%(listed)s, busy times only", listed=listed) if content.busy_only else listed


def calendar_name(company: str, fetch: Fetch) -> str:
    """What calendar programs call the calendar."""
    return (
        company if fetch.content.scope is FeedScope.OWN else f"{company}: {whose(fetch.content, fetch.team)}"
    )


def summary(entry: Entry, *, busy_only: bool) -> str:
    """The line of an entry: whose it is, what it is, and that it is only asked for."""
    what = _what(entry, busy_only=busy_only)
    if entry.state is State.REQUESTED and entry.subject is not Subject.PLAN:
        what = _("%(what)s (requested)", what=what)
    return f"{entry.person}: {what}" if entry.person else what


def _what(entry: Entry, *, busy_only: bool) -> str:
    if entry.subject is Subject.HOLIDAY:
        half = _HALF_HOLIDAYS.get(entry.part)
        if entry.part is HolidayPart.FROM_TO:
            half = part(entry.part, entry.minutes)
        return f"{entry.name} ({half})" if half else entry.name
    if entry.subject is Subject.COVER:
        return _("You cover for %(name)s", name=entry.name)
    if entry.subject is Subject.PLAN and entry.kind:
        return _("%(what)s (planned)", what=type_label(entry.kind))
    if busy_only:
        return _("Busy")
    if entry.subject is Subject.SHIFT:
        return entry.name
    return type_label(entry.kind) if entry.kind else _("Away")
