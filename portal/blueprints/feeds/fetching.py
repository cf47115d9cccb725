"""What a calendar program gets at the address of a feed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, request
from flask_babel import get_locale

from portal.blueprints.feeds import blueprint
from portal.db import UnitOfWork
from portal.integrations.calendar_events import CalendarEvent, EventStatus
from portal.integrations.calendar_files import calendar_file
from portal.services import feed_covers, feed_entries, feed_plans, feeds
from portal.services.feed_entries import Entry, State, Subject
from portal.services.feeds import Fetch
from portal.web import feed_words
from portal.web.feed_addresses import feed_here
from portal.web.guards import by_feed_address
from portal.web.headers import FILE_POLICY

_STATUS = {
    State.CERTAIN: EventStatus.CONFIRMED,
    State.REQUESTED: EventStatus.TENTATIVE,
    State.CANCELLED: EventStatus.CANCELLED,
}


_PARTS = (feed_entries, feed_covers, feed_plans)


@blueprint.get("/c/<company>/feeds/<token>/calendar.ics")
@by_feed_address
def calendar(uow: UnitOfWork, token: str) -> Response:  # noqa: ARG001
    """The calendar as it is now; 304 to a program that has it. It is written only when it has to be."""
    fetch = feed_here()
    entries = [entry for part in _PARTS for entry in part.entries(uow, fetch.content)]
    language = get_locale().language
    said = repr((uow.version, uow.company.name, fetch.name, fetch.team, language, entries))
    digest = hashlib.sha256(said.encode()).digest()
    changed_at = feeds.since(uow, fetch, digest)
    answer = Response(content_type="text/calendar; charset=utf-8")
    answer.set_etag(digest.hex()[:32])
    answer.last_modified = changed_at
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["X-Robots-Tag"] = "noindex"
    if _known(answer, changed_at):
        answer.status_code = 304
        return answer
    events = [_event(uow, fetch, entry) for entry in entries]
    answer.set_data(
        calendar_file(feed_words.calendar_name(uow.company.name, fetch), events, language=language)
    )
    return answer


def _known(answer: Response, changed_at: datetime) -> bool:
    """A mark says it exactly; a date counts only where no mark is sent (RFC 9110)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(answer.get_etag()[0] or "")
    return request.if_modified_since is not None and request.if_modified_since >= changed_at


def _event(uow: UnitOfWork, fetch: Fetch, entry: Entry) -> CalendarEvent:
    own = not entry.person and entry.subject in (Subject.ABSENCE, Subject.SHIFT)
    return CalendarEvent(
        uid=f"{entry.key}@{urlsplit(uow.outside.url).hostname}",
        sequence=entry.sequence,
        changed_at=entry.changed_at,
        status=_STATUS[entry.state],
        stretch=entry.stretch,
        summary=feed_words.summary(entry, busy_only=fetch.content.busy_only),
        location=entry.place,
        blocks=own,
        away=entry.subject is Subject.ABSENCE,
    )
