"""The promises of the public page in the reader's language, and the commands that show and make each one's evidence."""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.services.evidence import EvidenceState
from portal.web.filters import file_size

PROMISES: dict[str, tuple[LazyString, LazyString, tuple[str, ...]]] = {
    "backup": (
        _l("Backups every day"),
        _l("The newest backup is at most 26 hours old, encrypted, and was read back after it was written."),
        ("flask --app wsgi backup list", "flask --app wsgi backup verify"),
    ),
    "drill": (
        _l("Backups that can be restored"),
        _l("Every week a backup is restored completely in another place, and everything in it is checked."),
        ("flask --app wsgi backup drill", "flask --app wsgi backup drill --last"),
    ),
    "audit-anchors": (
        _l("An audit log with witnesses"),
        _l("Every hour the end of each company's audit log is kept outside the database."),
        ("flask --app wsgi audit anchor", "flask --app wsgi audit verify"),
    ),
    "audit-verify": (
        _l("An audit log that nobody has changed"),
        _l("Each event carries the hash of the one before; the whole chain was computed again."),
        ("flask --app wsgi audit verify", "python3 verify_audit_log.py audit-log.jsonl"),
    ),
    "pentest": (
        _l("Attacked every month"),
        _l(
            "A program attacks a copy of the portal with invented companies, checks headers and cookies, and searches "
            "the code for secrets. Parts that could not run are counted, and then it is not passed."
        ),
        ("make pentest",),
    ),
    "isolation": (
        _l("Companies kept apart"),
        _l(
            "Every night the database is asked in the name of each company for rows of others, and without a company "
            "for any. Tests ask for every page of one company as people of another."
        ),
        ("flask --app wsgi trust check",),
    ),
    "tls": (
        _l("Encrypted on the way"),
        _l(
            "Every night a visitor of our own looks at this portal's address: the certificate is good, and old "
            "protocols are refused."
        ),
        ("flask --app wsgi trust check",),
    ),
    "antivirus": (
        _l("Uploads scanned"),
        _l(
            "Every file that comes in is shown to an antivirus, and nobody gets it before. Every five minutes the "
            "antivirus has to find a harmless test file."
        ),
        ("flask --app wsgi antivirus check",),
    ),
    "incidents": (
        _l("Incidents told"),
        _l("Companies that an incident touched are told within 72 hours. Looked up every night."),
        ("flask --app wsgi trust check",),
    ),
}
FIGURES: dict[str, LazyString] = {
    "bytes": _l("Size"),
    "checks": _l("Checks"),
    "closed": _l("Closed in the last year"),
    "companies": _l("Companies"),
    "days_left": _l("Days until the certificate ends"),
    "events": _l("Events"),
    "failed": _l("Failed"),
    "files": _l("Files"),
    "late": _l("Told too late"),
    "lost_seconds": _l("Seconds of work that would have been lost"),
    "not_run": _l("Not run"),
    "old_protocols": _l("TLS 1.0 and 1.1"),
    "open": _l("Not closed yet"),
    "protocol": _l("Protocol"),
    "recovery_seconds": _l("Seconds until everything was back"),
    "requests": _l("Requests"),
    "rows": _l("Rows"),
    "tables": _l("Tables"),
    "signatures": _l("Signatures of"),
    "test_file": _l("The harmless test file was"),
    "tests": _l("Tests"),
    "waiting": _l("Files in quarantine"),
}
#: Figures that are words.
VALUES: dict[str, LazyString] = {
    "found": _l("found"),
    "missed": _l("missed"),
    "none": _l("none"),
    "refused": _l("refused"),
    "taken": _l("taken"),
}
STATES: dict[EvidenceState, LazyString] = {
    EvidenceState.GOOD: _l("Promise kept"),
    EvidenceState.FAILED: _l("Not kept"),
    EvidenceState.INCOMPLETE: _l("Not everything was looked at"),
    EvidenceState.OLD: _l("Evidence too old"),
    EvidenceState.MISSING: _l("No evidence yet"),
    EvidenceState.OFF: _l("Switched off"),
}
_TONES = {
    EvidenceState.GOOD: "approved",
    EvidenceState.FAILED: "rejected",
    EvidenceState.INCOMPLETE: "pending",
    EvidenceState.OLD: "pending",
    EvidenceState.MISSING: "ended",
    EvidenceState.OFF: "ended",
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        promise_words=lambda one: PROMISES[one],
        figure_label=lambda one: FIGURES.get(one, one),
        figure_value=_value,
        evidence_label=lambda one: STATES[one],
        evidence_tone=lambda one: _TONES[one],
    )


def _value(name: str, value: int | str) -> int | str | LazyString:
    """As people read it; the signed text keeps the figure itself."""
    if isinstance(value, str):
        return VALUES.get(value, value)
    return file_size(value) if name == "bytes" else value
