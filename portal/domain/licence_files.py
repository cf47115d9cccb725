"""Licence files of portals that their companies run themselves: what one says, and whether it counts here and today.

A file that does not count locks nobody out: the ladder of a missing payment begins (domain/licences.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

#: Clocks of two machines differ, and are corrected; only what is more is a clock set back.
CLOCK_TOLERANCE = timedelta(days=1)
#: From so many days before its end on, the page asks for the next file.
RENEW_DAYS = 30


class Verdict(StrEnum):
    """Whether a licence file counts, and if not, the first reason why."""

    VALID = "valid"
    UNREADABLE = "unreadable"
    UNKNOWN_ISSUER = "unknown-issuer"
    FORGED = "forged"
    OTHER_DEPLOYMENT = "other-deployment"
    OTHER_COMPANY = "other-company"
    CLOCK_BACK = "clock-back"
    NOT_YET = "not-yet"
    ENDED = "ended"


@dataclass(frozen=True)
class Terms:
    """What the issuer promises. Days are those of the company's time zone, the last one included."""

    number: UUID
    #: Its short name, and the portal that it lives in.
    company: str
    deployment: str
    plan: str
    persons: int
    valid_from: date
    valid_until: date
    issued_at: datetime


@dataclass(frozen=True)
class Place:
    """Where and when a file is judged. `deployments`: by which ids this portal is known, older keys included."""

    company: str
    deployments: frozenset[str]
    today: date
    now: datetime


def judge(terms: Terms, place: Place, *, seen_at: datetime | None = None) -> Verdict:
    """Does a file whose signature is right count here and now? `seen_at`: the latest moment known to have passed."""
    if terms.deployment not in place.deployments:
        return Verdict.OTHER_DEPLOYMENT
    if terms.company != place.company:
        return Verdict.OTHER_COMPANY
    if place.now < latest(terms.issued_at, seen_at) - CLOCK_TOLERANCE:
        return Verdict.CLOCK_BACK
    if place.today < terms.valid_from:
        return Verdict.NOT_YET
    return Verdict.ENDED if place.today > terms.valid_until else Verdict.VALID


def latest(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else max(one, other)


def counts_until(verdict: Verdict, valid_until: date | None, failing_since: date | None) -> date:
    """The last day on which the file counted: its own, or the day before it was found not to count any more."""
    if failing_since is None:
        if valid_until is None:
            raise ValueError(f"a file that is {verdict} failed on some day")
        return valid_until
    before = failing_since - timedelta(days=1)
    return before if valid_until is None else min(before, valid_until)


def is_failing(verdict: Verdict) -> bool:
    """Something is wrong with it, other than that its time is over."""
    return verdict not in {Verdict.VALID, Verdict.ENDED}
