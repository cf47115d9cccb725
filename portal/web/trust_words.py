"""The promises of the public page in the reader's language, and the command that makes each one's evidence anew."""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.services.evidence import EvidenceState

PROMISES: dict[str, tuple[LazyString, LazyString, str]] = {
    "backup": (
        _l("Backups every day"),
        _l("The newest backup is at most 26 hours old, encrypted, and was read back after it was written."),
        "flask --app wsgi backup list",
    ),
    "drill": (
        _l("Backups that can be restored"),
        _l("Every week a backup is restored completely in another place, and everything in it is checked."),
        "flask --app wsgi backup drill",
    ),
    "audit-anchors": (
        _l("An audit log with witnesses"),
        _l("Every hour the end of each company's audit log is kept outside the database."),
        "flask --app wsgi audit verify",
    ),
    "audit-verify": (
        _l("An audit log that nobody has changed"),
        _l("Each event carries the hash of the one before; the whole chain was computed again."),
        "flask --app wsgi audit verify",
    ),
    "pentest": (
        _l("Attacked every month"),
        _l(
            "A program attacks a copy of the portal with invented companies, checks headers and cookies, and searches "
            "the code for secrets. Parts that could not run are counted as not run."
        ),
        "make pentest",
    ),
    "isolation": (
        _l("Companies kept apart"),
        _l(
            "Tests ask for everything of one company as people of another, and the database's own rules are read."
        ),
        "make test ARGS='tests/architecture/test_catalogue.py tests/web/test_companies_apart.py'",
    ),
    "incidents": (
        _l("Incidents told"),
        _l("Companies that an incident touched are told within 72 hours. Counted now."),
        "",
    ),
}
FIGURES: dict[str, LazyString] = {
    "bytes": _l("Bytes"),
    "checks": _l("Checks"),
    "closed": _l("Closed in the last year"),
    "companies": _l("Companies"),
    "events": _l("Events"),
    "failed": _l("Failed"),
    "files": _l("Files"),
    "hours": _l("Hours since"),
    "lost_seconds": _l("Seconds of work that would have been lost"),
    "not_run": _l("Not run"),
    "open": _l("Open"),
    "recovery_seconds": _l("Seconds until everything was back"),
    "requests": _l("Requests"),
    "rows": _l("Rows"),
    "tests": _l("Tests"),
}
STATES: dict[EvidenceState, LazyString] = {
    EvidenceState.GOOD: _l("Kept"),
    EvidenceState.FAILED: _l("Not kept"),
    EvidenceState.OLD: _l("Evidence too old"),
    EvidenceState.MISSING: _l("No evidence yet"),
}
_TONES = {
    EvidenceState.GOOD: "approved",
    EvidenceState.FAILED: "rejected",
    EvidenceState.OLD: "pending",
    EvidenceState.MISSING: "ended",
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        promise_words=lambda one: PROMISES[one],
        figure_label=lambda one: FIGURES.get(one, one),
        evidence_label=lambda one: STATES[one],
        evidence_tone=lambda one: _TONES[one],
    )
