"""Incidents of security: how grave, by when whom to tell, and what a search for the touched ones may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from uuid import UUID

from portal.domain.refusals import Reason, Refusal

#: GDPR art. 33: a controller tells its authority within 72 hours of knowing. The operator gives itself the same limit
#: to tell its customers; theirs begins when they are told.
CLOCK = timedelta(hours=72)
#: When the operator is warned that companies are still untold.
LAST_DAY, LAST_HOURS = timedelta(hours=24), timedelta(hours=6)
#: The log is searched over no more than this at once.
LONGEST_SPAN = timedelta(days=400)
LONGEST_TITLE, LONGEST_TEXT = 120, 8000
#: More than these are a wrong paste.
_MOST = 200


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Urgency(StrEnum):
    """How near the end of the clock is."""

    DAY = "day"
    HOURS = "hours"
    OVER = "over"


class Containment(StrEnum):
    """What stops an incident in a company at once."""

    SESSIONS = "end-sessions"
    PROVIDERS = "switch-off-providers"
    KEYS = "new-key"
    READ_ONLY = "read-only"
    LIFT = "lift-read-only"


class ProcessorAnswerKind(StrEnum):
    """What a company says to a processor that was announced to it."""

    AGREED = "agreed"
    OBJECTED = "objected"


@dataclass(frozen=True)
class Criteria:
    """Whose doings are looked for: by session, by address, by kind of action; several kinds narrow each other."""

    since: datetime
    until: datetime
    ips: tuple[str, ...] = ()
    sessions: tuple[UUID, ...] = ()
    #: Beginnings of actions as the audit log names them: `employee`, `document.fetched`.
    actions: tuple[str, ...] = ()


def tell_by(noticed_at: datetime) -> datetime:
    """When the touched companies have been told at the latest."""
    return noticed_at + CLOCK


def urgency(noticed_at: datetime, now: datetime) -> Urgency | None:
    """What the operator has to hear while companies are untold; nothing while there is time enough."""
    left = tell_by(noticed_at) - now
    if left <= timedelta(0):
        return Urgency.OVER
    if left <= LAST_HOURS:
        return Urgency.HOURS
    return Urgency.DAY if left <= LAST_DAY else None


def report_by(told_at: datetime) -> datetime:
    """When a company that was told has to have told its own authority."""
    return told_at + CLOCK


def check_criteria(wanted: Criteria) -> None:
    """Refuses a search that runs backwards or over years, and addresses that are none."""
    if wanted.until <= wanted.since:
        raise Refusal(Reason.END_BEFORE_START, field="until")
    if wanted.until - wanted.since > LONGEST_SPAN:
        raise _too_wide("until")
    for name, found in (("ips", wanted.ips), ("sessions", wanted.sessions), ("actions", wanted.actions)):
        if len(found) > _MOST:
            raise _too_wide(name)


def _too_wide(field: str) -> Refusal:
    return Refusal(Reason.INCIDENT_SEARCH_TOO_WIDE, field=field, days=LONGEST_SPAN.days, limit=_MOST)


def read_ips(typed: str) -> tuple[str, ...]:
    """Addresses, one or several on a line."""
    try:
        return tuple(dict.fromkeys(str(ip_address(one)) for one in _words(typed)))
    except ValueError:
        raise Refusal(Reason.INCIDENT_SEARCH_INVALID, field="ips") from None


def read_sessions(typed: str) -> tuple[UUID, ...]:
    """Ids of sessions as the log of requests and the audit log name them."""
    try:
        return tuple(dict.fromkeys(UUID(one) for one in _words(typed)))
    except ValueError:
        raise Refusal(Reason.INCIDENT_SEARCH_INVALID, field="sessions") from None


def read_actions(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_words(typed)))


def _words(typed: str) -> Iterable[str]:
    return typed.replace(",", " ").replace(";", " ").split()
