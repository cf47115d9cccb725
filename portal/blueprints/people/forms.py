"""The forms of a record and of an import. They hold no field for a company, a role or a state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints.people.fields import HoursField
from portal.blueprints.people.week_forms import MOST_WEEKLY_MINUTES, WeeksForm
from portal.domain.working_patterns import WorkingPattern
from portal.services.directory import Choices, DirectoryFilter
from portal.services.employments import Terms
from portal.services.people import PersonFacts
from portal.services.rehiring import NewPeriod
from portal.web.language import LANGUAGES
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(WeeksForm):
    """A record as HR fills it in; `seen` notices that somebody else was faster."""

    seen = HiddenField()
    #: The yes to what other working time changes, of exactly these terms.
    terms_seen = HiddenField()
    first_name = StringField(
        _l("First name"), filters=[one_line], validators=[DataRequired(_MISSING), Length(max=100)]
    )
    last_name = StringField(
        _l("Last name"), filters=[one_line], validators=[DataRequired(_MISSING), Length(max=100)]
    )
    email = StringField(
        _l("Work e-mail"), filters=[one_line], validators=[DataRequired(_MISSING), Length(max=254)]
    )
    employee_number = StringField(_l("Employee number"), filters=[one_line], validators=[Length(max=40)])
    job_title = StringField(_l("Job title"), filters=[one_line], validators=[Length(max=150)])
    line_manager_email = StringField(
        _l("Line manager's work e-mail"), filters=[one_line], validators=[Length(max=254)]
    )
    manager_from = DateField(_l("Another line manager leads from"), validators=[Optional()])
    phone = StringField(_l("Mobile phone"), filters=[one_line], validators=[Length(max=40)])
    language = SelectField(_l("Language"), choices=[SelectChoice(*one) for one in LANGUAGES.items()])
    teams = CheckboxesField(_l("Teams"))
    site = SelectField(_l("Site"))
    weekly_hours = HoursField(
        _l("Weekly hours"),
        most_minutes=MOST_WEEKLY_MINUTES,
        zero=False,
        validators=[InputRequired(_MISSING)],
    )
    by_roster = BooleanField(_l("Works by the roster"))
    terms_from = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    invite = BooleanField(_l("Mail an invitation at once"))

    #: Whether the record is there already.
    changes = False

    def offer(self, choices: Choices) -> None:
        """Only what the company has can be chosen (T100)."""
        self.teams.choices = [SelectChoice(str(team_id), name) for team_id, name in choices.teams]
        self.site.choices = [
            SelectChoice("", _("None")),
            *(SelectChoice(str(site_id), name) for site_id, name in choices.sites),
        ]

    def is_change(self) -> None:
        """The date is then the one from which other hours, days or another site count."""
        self.terms_from.label.text = _("Hours and site change on")
        self.changes = True

    def fill(self, facts: PersonFacts, seen: str) -> None:
        """The record as it stands; days are shown only where they say more than the weekly hours."""
        for name in (
            "first_name",
            "last_name",
            "email",
            "employee_number",
            "job_title",
            "line_manager_email",
        ):
            self[name].data = getattr(facts, name)
        self.seen.data, self.phone.data, self.language.data = seen, facts.phone, facts.language
        self.teams.data = [str(team_id) for team_id in facts.team_ids]
        self.terms_from.data, self.manager_from.data = facts.terms_from, facts.manager_from
        self.fill_terms(facts.terms)

    def fill_terms(self, terms: Terms) -> None:
        self.site.data, self.by_roster.data = str(terms.site_id or ""), terms.by_roster
        pattern = terms.pattern
        self.weekly_hours.data = pattern.weekly_minutes
        self.agreed_days.data = str(pattern.agreed_days or "")
        if replace(pattern, agreed_days=None) != WorkingPattern.spread(pattern.weekly_minutes):
            self.fill_weeks(pattern)

    def validate(self, extra_validators: object = None) -> bool:
        """Beyond each field: the days must add up to the week. Of several weeks the hours are their average."""
        if self.count > 1:
            self.weekly_hours.validators = ()
        if not super().validate(extra_validators):
            return False
        if self.count > 1:
            return self.weeks_agree()
        if self._has_days() and sum(self.scheduled_days()) != self.weekly_hours.data:
            self.weekly_hours.errors = [
                _("The days below add up to other weekly hours. Correct them or leave all days empty.")
            ]
            return False
        return self.days_suffice(self._fixed().possible_days)

    def facts(self) -> PersonFacts:
        return PersonFacts(
            email=self.email.data or "",
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            employee_number=self.employee_number.data or None,
            job_title=self.job_title.data or None,
            language=self.language.data,
            line_manager_email=self.line_manager_email.data or "",
            team_ids=frozenset(map(UUID, self.teams.data or ())),
            terms=self.agreed_terms(),
            terms_from=self.terms_from.data,
            phone=self.phone.data or "",
            manager_from=self.manager_from.data,
        )

    def agreed_terms(self) -> Terms:
        site_id = UUID(self.site.data) if self.site.data else None
        return Terms(self._fixed().agreeing(self.flexible_days), site_id, bool(self.by_roster.data))

    def _fixed(self) -> WorkingPattern:
        """The days as typed, or the hours of the week evenly over Monday to Friday."""
        spread = self.count == 1 and not self._has_days()
        return WorkingPattern.spread(self.weekly_hours.data or 0) if spread else self.fixed_weeks()

    def wants_other_weeks(self, today: date) -> bool:
        """Whether a button for a week more or less was pressed: the form comes back with it, and nothing is saved."""
        return self.changed_weeks(self.terms_from.data or today, self.weekly_hours.data)

    def _has_days(self) -> bool:
        return any(field.data is not None for field in self.weeks[0])


class RehireForm(PersonForm):
    """What is agreed anew with somebody who left; who they are stays as it is."""

    _NOT_ASKED: ClassVar[tuple[str, ...]] = (
        *("seen", "first_name", "last_name", "email", "employee_number", "phone", "language"),
        "manager_from",
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name in self._NOT_ASKED:
            del self[name]

    def start_with(self, suggested: NewPeriod) -> None:
        self.terms_from.data, self.job_title.data = suggested.first_day, suggested.job_title
        self.line_manager_email.data = suggested.line_manager_email
        self.teams.data = [str(team_id) for team_id in suggested.team_ids]
        self.fill_terms(suggested.terms)

    def agreed(self) -> NewPeriod:
        return NewPeriod(
            first_day=self.terms_from.data,
            terms=self.agreed_terms(),
            job_title=self.job_title.data or None,
            line_manager_email=self.line_manager_email.data or "",
            team_ids=frozenset(map(UUID, self.teams.data or ())),
        )


class UploadForm(FlaskForm):
    """The file of an import."""

    file = FileField(_l("CSV or Excel file"), validators=[FileRequired(_l("Choose a file."))])


class PhotoForm(FlaskForm):
    """A picture of a person."""

    file = FileField(_l("Photo"), validators=[FileRequired(_l("Choose a file."))])


class ConfirmForm(FlaskForm):
    """The file again, sealed, and the yes."""

    kept = HiddenField(validators=[InputRequired()])
    invite = BooleanField(_l("Mail an invitation to everybody who is new"), validators=[Optional()])


class ExportForm(FlaskForm):
    """Which columns as which file; the directory's filter comes along."""

    KINDS: ClassVar[tuple[str, ...]] = ("xlsx", "csv")

    search = HiddenField()
    team = HiddenField()
    site = HiddenField()
    left = HiddenField()
    columns = CheckboxesField(_l("Columns"))
    kind = RadioField(
        _l("File"),
        choices=[SelectChoice("xlsx", _l("Excel workbook (XLSX)")), SelectChoice("csv", _l("CSV"))],
        default="xlsx",
    )

    def keep(self, asked: DirectoryFilter) -> None:
        self.search.data = asked.search
        self.team.data, self.site.data = str(asked.team_id or ""), str(asked.site_id or "")
        self.left.data = "yes" if asked.left else ""

    def offer(self, columns: list[tuple[str, str]]) -> None:
        self.columns.choices = [SelectChoice(value, label) for value, label in columns]

    def kept(self) -> dict[str, str]:
        """The filter as it stands in the directory's address."""
        return {name: self[name].data for name in ("search", "team", "site", "left") if self[name].data}
