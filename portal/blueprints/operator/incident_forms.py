"""The operator's forms of incidents. Moments are UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.incidents import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Criteria,
    Severity,
    read_actions,
    read_ips,
    read_sessions,
)
from portal.web.factor_forms import AppCodeForm
from portal.web.incident_words import SEVERITIES
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
_CHOICES = [SelectChoice(one.value, words) for one, words in SEVERITIES.items()]
_LONGEST_LIST = 20_000


class NewIncidentForm(FlaskForm):
    """Written in the first minutes, so it asks for little."""

    title = StringField(
        _l("Title"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=LONGEST_TITLE)]
    )
    severity = SelectField(_l("Severity"), choices=_CHOICES, default=Severity.MEDIUM.value)
    noticed_at = DateTimeLocalField(
        _l("Noticed (UTC)"), format=_FORMATS, validators=[InputRequired(_MISSING)]
    )
    what = TextAreaField(_l("What is known"), validators=[InputRequired(_MISSING), Length(max=LONGEST_TEXT)])

    def moment(self) -> datetime:
        return _utc(self.noticed_at.data)


class EntryForm(FlaskForm):
    text = TextAreaField(
        _l("What was found or done"), validators=[InputRequired(_MISSING), Length(max=LONGEST_TEXT)]
    )


class ReportForm(FlaskForm):
    severity = SelectField(_l("Severity"), choices=_CHOICES)
    report = TextAreaField(
        _l("Report for the companies"), validators=[InputRequired(_MISSING), Length(max=LONGEST_TEXT)]
    )


class SearchForm(FlaskForm):
    """Where to look in every company's log."""

    since = DateTimeLocalField(_l("From (UTC)"), format=_FORMATS, validators=[InputRequired(_MISSING)])
    until = DateTimeLocalField(_l("Until (UTC)"), format=_FORMATS, validators=[InputRequired(_MISSING)])
    ips = TextAreaField(_l("IP addresses"), validators=[Length(max=_LONGEST_LIST)])
    sessions = TextAreaField(_l("Ids of sessions"), validators=[Length(max=_LONGEST_LIST)])
    actions = StringField(_l("Kinds of action"), filters=[one_line], validators=[Length(max=400)])

    def criteria(self) -> Criteria:
        return Criteria(
            since=_utc(self.since.data),
            until=_utc(self.until.data),
            ips=read_ips(self.ips.data or ""),
            sessions=read_sessions(self.sessions.data or ""),
            actions=read_actions(self.actions.data or ""),
        )


def _utc(typed: datetime | None) -> datetime:
    if typed is None:
        raise ValueError("validated before")
    return typed.replace(tzinfo=UTC)


class ProofForm(AppCodeForm):
    """The code of the app once more, before what cannot be taken back."""
