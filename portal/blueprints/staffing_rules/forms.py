"""The form of a rule of staffing. Whether it makes sense, the domain says."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from portal.domain.staffing import LONGEST_NAME, MOST_PEOPLE, Effect, Measure, Metric, StaffingRule
from portal.services.staffing.crowd import RuleFacts
from portal.services.staffing.rules import Scope, WorkType
from portal.web.absence_words import type_label
from portal.web.checks_field import ChecksField
from portal.web.staffing_words import EFFECT_NOTES, EFFECTS, MEASURES, METRICS, WEEKDAYS
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class RuleForm(FlaskForm):
    """One rule: whom it counts, what has to hold, when, and what it does."""

    key = HiddenField()
    name = StringField(
        _l("Name"), filters=[one_line], validators=[DataRequired(_MISSING), Length(max=LONGEST_NAME)]
    )
    team = SelectField(_l("Team"))
    site = SelectField(_l("Site"))
    qualification = SelectField(_l("Qualification"))
    metric = RadioField(
        _l("What has to hold"),
        choices=[SelectChoice(str(one), label) for one, label in METRICS.items()],
        default=str(Metric.LEAST_PRESENT),
    )
    amount = IntegerField(
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
    effect = RadioField(_l("What it does"), default=str(Effect.INFO))

    def offer(self, scope: Scope) -> None:
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
        self.key.data = self.key.data or str(uuid4())

    def validate_key(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("This form is damaged. Reload the page.")) from None

    def validate_weekdays(self, field: ChecksField) -> None:
        if not field.data:
            raise ValidationError(_("Please choose at least one weekday."))

    def facts(self) -> RuleFacts:
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
            ),
            team_id=UUID(self.team.data) if self.team.data else None,
            site_id=UUID(self.site.data) if self.site.data else None,
            field_id=UUID(field_id) if field_id else None,
            field_value=value or None,
        )


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
