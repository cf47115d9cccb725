"""The form of a rule of staffing. Whether it makes sense, the domain says."""

from __future__ import annotations

from datetime import time
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from portal.domain.periods import DAY_MINUTES
from portal.domain.staffing import (
    LONGEST_NAME,
    MOST_PEOPLE,
    Effect,
    Measure,
    Metric,
    Override,
    RulePart,
    Season,
    StaffingRule,
    YearDay,
)
from portal.services.staffing.crowd import Named, RuleFacts
from portal.services.staffing.rules import Scope, WorkType
from portal.web.absence_words import type_label
from portal.web.checks_field import ChecksField
from portal.web.number_fields import WholeNumberField
from portal.web.season_field import SeasonDayField
from portal.web.staffing_words import EFFECT_NOTES, EFFECTS, MEASURES, METRICS, OVERRIDES, WEEKDAYS
from portal.web.text_filters import one_line

_LONGEST_LIST = 60_000
_MISSING = _l("Please fill this in.")


class RuleForm(FlaskForm):
    """One rule: whom it counts, what has to hold, when, and what it does."""

    key = HiddenField()
    name = StringField(
        _l("Name of the rule"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=LONGEST_NAME)],
    )
    team = SelectField(_l("Team"))
    site = SelectField(_l("Site"))
    qualification = SelectField(_l("Qualification"))
    metric = RadioField(
        _l("What has to hold"),
        choices=[SelectChoice(str(one), label) for one, label in METRICS.items()],
        default=str(Metric.LEAST_PRESENT),
    )
    amount = WholeNumberField(
        _l("How many"), validators=[InputRequired(_MISSING), NumberRange(0, MOST_PEOPLE)], default=1
    )
    measure = SelectField(
        _l("Counted in"), choices=[SelectChoice(str(one), label) for one, label in MEASURES.items()]
    )
    weekdays = ChecksField(
        _l("On which weekdays"),
        coerce=int,
        choices=[SelectChoice(number, label) for number, label in WEEKDAYS.items()],
    )
    valid_from = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    valid_through = DateField(_l("Last day"), validators=[Optional()])
    starts_at = TimeField(_l("From"), validators=[Optional()])
    ends_at = TimeField(_l("To"), validators=[Optional()])
    season_from = SeasonDayField(_l("From the day"))
    season_through = SeasonDayField(_l("Through the day"))
    effect = RadioField(_l("What it does"), default=str(Effect.INFO))
    counted = TextAreaField(_l("Only these people"), validators=[Length(max=_LONGEST_LIST)])
    excepted = TextAreaField(_l("Not these people"), validators=[Length(max=_LONGEST_LIST)])
    types = ChecksField(_l("Only these types of absence"))
    override = SelectField(
        _l("Who may make an exception"),
        choices=[SelectChoice(str(one), label) for one, label in OVERRIDES.items()],
        default=str(Override.RIGHT),
    )
    overrides = TextAreaField(_l("These people may"), validators=[Length(max=_LONGEST_LIST)])

    def offer(self, scope: Scope, types: list[WorkType]) -> None:
        """Fills the lists with what the person may make rules for."""
        everybody = _("All teams")
        self.team.choices = [SelectChoice("", everybody)]
        self.team.choices += [SelectChoice(str(one), name) for one, name in scope.teams]
        self.site.choices = [SelectChoice("", _("All sites"))]
        self.site.choices += [SelectChoice(str(one), name) for one, name in scope.sites]
        self.qualification.choices = [SelectChoice("", _("Any"))]
        self.qualification.choices += [
            SelectChoice(f"{field_id}:{value}", f"{name}: {_('Yes') if value == 'yes' else value}")
            for field_id, name, value in scope.qualifications
        ]
        self.effect.choices = [
            SelectChoice(str(one), f"{label}. {EFFECT_NOTES[one]}") for one, label in EFFECTS.items()
        ]
        self.types.choices = [
            SelectChoice(str(one.kind.id), type_label(one.kind)) for one in types if not one.at_work
        ]
        self.key.data = self.key.data or str(uuid4())

    def validate_starts_at(self, field: TimeField) -> None:
        self._both_times()

    def validate_ends_at(self, field: TimeField) -> None:
        self._both_times()

    def _both_times(self) -> None:
        if (self.ends_at.data is None) is not (self.starts_at.data is None):
            raise ValidationError(_("Give both times, or neither."))

    def validate_season_through(self, field: SeasonDayField) -> None:
        if bool(field.data) is not bool(self.season_from.data):
            raise ValidationError(_("Give both days, or neither."))

    def validate_key(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("This form is damaged. Reload the page.")) from None

    def validate_weekdays(self, field: ChecksField) -> None:
        if not field.data:
            raise ValidationError(_("Please choose at least one weekday."))

    @property
    def emails(self) -> dict[RulePart, list[str]]:
        """Whom the three lists name, each address once."""
        overriding = self.override.data == Override.NAMED
        return {
            RulePart.COUNTED: _addresses(self.counted.data),
            RulePart.EXCEPTED: _addresses(self.excepted.data),
            RulePart.OVERRIDES: _addresses(self.overrides.data) if overriding else [],
        }

    @property
    def type_ids(self) -> list[UUID]:
        known = {choice.value for choice in self.types.choices}
        return [UUID(one) for one in self.types.data or [] if one in known]

    @property
    def more(self) -> set[str]:
        """Which of the folded parts are in use, or have something wrong, so that they stand open."""
        parts = {
            "whom": (self.counted, self.excepted, self.types),
            "when": (self.starts_at, self.ends_at, self.season_from, self.season_through),
        }
        return {
            name
            for name, fields in parts.items()
            if any(one.errors or one.data for one in fields)
            or (name == "whom" and self.metric.data == Metric.NOT_ALL_AWAY)
        }

    def facts(self, named: tuple[Named, ...]) -> RuleFacts:
        """The rule as it is given; refused where it makes no sense."""
        field_id, _colon, value = self.qualification.data.partition(":")
        return RuleFacts(
            id=UUID(self.key.data),
            name=self.name.data,
            rule=StaffingRule(
                Metric(self.metric.data),
                Measure(self.measure.data),
                self.amount.data,
                Effect(self.effect.data),
                self.valid_from.data,
                self.valid_through.data,
                frozenset(self.weekdays.data),
                self._season(),
                self._hours(),
                Override(self.override.data),
            ),
            team_id=UUID(self.team.data) if self.team.data else None,
            site_id=UUID(self.site.data) if self.site.data else None,
            field_id=UUID(field_id) if field_id else None,
            field_value=value or None,
            named=named,
        )

    def _season(self) -> Season | None:
        first, last = self.season_from.data, self.season_through.data
        return Season(YearDay(*first), YearDay(*last)) if first and last else None

    def _hours(self) -> tuple[int, int] | None:
        """Midnight as the end is that of the day."""
        if self.starts_at.data is None or self.ends_at.data is None:
            return None
        return _minute(self.starts_at.data), _minute(self.ends_at.data) or DAY_MINUTES


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _addresses(text: str | None) -> list[str]:
    listed = (text or "").replace(",", " ").replace(";", " ").split()
    return list(dict.fromkeys(one.lower() for one in listed))


def _lines(facts: RuleFacts, part: RulePart) -> str:
    return "\n".join(one.email or "" for one in facts.of(part))


def values_of(facts: RuleFacts) -> dict[str, object]:
    """A rule as the form shows it."""
    rule = facts.rule
    return {
        "key": str(facts.id),
        "name": facts.name,
        "team": str(facts.team_id or ""),
        "site": str(facts.site_id or ""),
        "qualification": f"{facts.field_id}:{facts.field_value}" if facts.field_id else "",
        "metric": str(rule.metric),
        "amount": rule.amount,
        "measure": str(rule.measure),
        "weekdays": sorted(rule.weekdays),
        "valid_from": rule.valid_from,
        "valid_through": rule.valid_through,
        "effect": str(rule.effect),
        "starts_at": rule.hours and _clock(rule.hours[0]),
        "ends_at": rule.hours and _clock(rule.hours[1]),
        "season_from": rule.season and (rule.season.first.month, rule.season.first.day),
        "season_through": rule.season and (rule.season.last.month, rule.season.last.day),
        "counted": _lines(facts, RulePart.COUNTED),
        "excepted": _lines(facts, RulePart.EXCEPTED),
        "types": [str(one) for one in sorted(facts.ids(RulePart.TYPE))],
        "override": str(rule.override),
        "overrides": _lines(facts, RulePart.OVERRIDES),
    }


class WorkTypesForm(FlaskForm):
    """Which types of absence count as being at work."""

    types = ChecksField(_l("Not away, but at work elsewhere"))

    def offer(self, types: list[WorkType]) -> None:
        self.types.choices = [SelectChoice(str(one.kind.id), type_label(one.kind)) for one in types]

    @property
    def chosen(self) -> list[UUID]:
        known = {choice.value for choice in self.types.choices}
        return [UUID(one) for one in self.types.data or [] if one in known]
