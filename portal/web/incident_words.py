"""Incidents and processors in the reader's language: how grave, what stops one, what a company answers."""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.incidents import Containment, ProcessorAnswerKind, Severity
from portal.web.audit_words import action_label

SEVERITIES: dict[Severity, LazyString] = {
    Severity.LOW: _l("Low: no data were in danger"),
    Severity.MEDIUM: _l("Medium: data could have been seen"),
    Severity.HIGH: _l("High: data were seen or lost"),
    Severity.CRITICAL: _l("Critical: it goes on, or concerns many"),
}
SHORT: dict[Severity, LazyString] = {
    Severity.LOW: _l("Low"),
    Severity.MEDIUM: _l("Medium"),
    Severity.HIGH: _l("High"),
    Severity.CRITICAL: _l("Critical"),
}
MEASURES: dict[Containment, LazyString] = {
    Containment.SESSIONS: _l("Sign everybody out"),
    Containment.PROVIDERS: _l("Switch off sign-in providers"),
    Containment.KEYS: _l("New data key"),
    Containment.READ_ONLY: _l("Read only"),
    Containment.LIFT: _l("Allow changes again"),
}
ANSWERS: dict[ProcessorAnswerKind, LazyString] = {
    ProcessorAnswerKind.AGREED: _l("Agreed"),
    ProcessorAnswerKind.OBJECTED: _l("Objected"),
}
_TONES = {
    Severity.LOW: "ended",
    Severity.MEDIUM: "pending",
    Severity.HIGH: "rejected",
    Severity.CRITICAL: "rejected",
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        severity_label=lambda one: SHORT[one],
        severity_tone=lambda one: _TONES[one],
        measure_label=lambda one: MEASURES[one],
        incident_action=action_label,
        answer_label=lambda one: ANSWERS[one],
    )


def empty_report() -> str:
    """What a report has to say (GDPR art. 33), as headings to fill in."""
    questions = (
        _("What happened, and when:"),
        _("Which data, and of whom:"),
        _("What it may lead to:"),
        _("What we have done:"),
        _("What we ask you to do:"),
        _("Whom you can ask:"),
    )
    return "\n\n".join(f"{one}\n" for one in questions)
