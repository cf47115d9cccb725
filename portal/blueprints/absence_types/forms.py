"""The forms of types of absence. Whether numbers make sense, the rule says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.substitutes import SubstituteRule
from portal.services.absence_types import TypeLook, TypeRecord
from portal.web.colours import COLOURS
from portal.web.comma_decimals import CommaDecimalField
from portal.web.text_filters import one_line

#: How much of an amount is one of the unit that people write.
_SCALE = {CountingMethod.DAYS: 1000, CountingMethod.HOURS: 60}
_MISSING = _l("Please fill this in.")


class LookForm(FlaskForm):
    """How a type is called and drawn, and until when it is offered."""

    name = StringField(_l("Name"), filters=[one_line], validators=[DataRequired(_MISSING), Length(max=60)])
    code = StringField(
        _l("Code"),
        filters=[one_line],
        validators=[
            DataRequired(_MISSING),
            Length(max=3),
            Regexp(r"^[^\W_]{1,3}$", message=_l("One to three letters or digits, such as E or N2.")),
        ],
    )
    colour = SelectField(_l("Colour"), choices=COLOURS)
    retired_on = DateField(_l("No longer offered from"), validators=[Optional()])

    def look(self) -> TypeLook:
        return TypeLook(self.name.data, self.code.data, self.colour.data, self.retired_on.data)


class _Rules(FlaskForm):
    yearly_days = CommaDecimalField(_l("Granted for a year"), places=None, validators=[Optional()])
    overdraft = CommaDecimalField(_l("Below zero by at most"), places=None, validators=[Optional()])
    needs_approval = BooleanField(_l("Somebody has to approve it"), default=True)
    cancel_needs_approval = BooleanField(_l("Somebody has to agree to cancelling it"))
    unit = SelectField(
        _l("Smallest part"),
        choices=[
            SelectChoice(Unit.DAY, _l("Whole days")),
            SelectChoice(Unit.HALF, _l("Half days")),
            SelectChoice(Unit.HOUR, _l("Hours, from a time to a time")),
        ],
        default=Unit.HALF,
    )
    colleagues_see = BooleanField(_l("Colleagues see the type in the calendar"))
    notice_days = IntegerField(_l("Days of notice"), default=0, validators=[InputRequired(_MISSING)])
    longest_days = IntegerField(_l("Longest stretch in days"), validators=[Optional()])
    proof_from_days = IntegerField(_l("Proof is needed from day"), validators=[Optional()])
    counts_as_worked = BooleanField(_l("Counts as worked"), default=True)
    sickness = BooleanField(_l("This is sickness"))
    alarm_days = IntegerField(_l("Tell HR after so many days in a row"), validators=[Optional()])
    substitutes = SelectField(
        _l("Who covers"),
        choices=[
            SelectChoice(SubstituteRule.OPTIONAL, _l("Can be named with the request")),
            SelectChoice(SubstituteRule.REQUIRED, _l("Has to be named with the request")),
            SelectChoice(SubstituteRule.OFF, _l("Is not asked for")),
        ],
        default=SubstituteRule.OPTIONAL,
    )

    def counts(self) -> CountingMethod:
        """Whether its amounts are days or hours."""
        return CountingMethod.DAYS

    def validate_yearly_days(self, field: CommaDecimalField) -> None:
        self._check_amount(field, zero=False)

    def validate_overdraft(self, field: CommaDecimalField) -> None:
        self._check_amount(field, zero=True)

    def _check_amount(self, field: CommaDecimalField, *, zero: bool) -> None:
        # The largest is checked first: a number of a million digits is never multiplied.
        if field.data is None or (zero and field.data == 0):
            return
        in_hours = self.counts() is CountingMethod.HOURS
        most, grain = (6000, Decimal("0.25")) if in_hours else (366, Decimal("0.001"))
        if field.data.is_finite() and 0 < field.data <= most and not field.data % grain:
            return
        raise ValidationError(
            _l("A number of hours up to 6000, in quarters such as 187.5, or nothing.")
            if in_hours
            else _l("A number of days up to 366, with at most three digits after the point, or nothing.")
        )

    def rules(self) -> TypeRules:
        scale = _SCALE[self.counts()]
        return TypeRules(
            yearly_entitlement=None if self.yearly_days.data is None else int(self.yearly_days.data * scale),
            needs_approval=bool(self.needs_approval.data),
            cancel_needs_approval=bool(self.cancel_needs_approval.data),
            unit=Unit(self.unit.data),
            colleagues_see=bool(self.colleagues_see.data),
            notice_days=self.notice_days.data,
            longest_days=self.longest_days.data,
            overdraft=int((self.overdraft.data or 0) * scale),
            proof_from_days=self.proof_from_days.data,
            counts_as_worked=bool(self.counts_as_worked.data),
            sickness=bool(self.sickness.data),
            alarm_days=self.alarm_days.data,
            substitutes=SubstituteRule(self.substitutes.data),
        )


class RulesForm(_Rules):
    """New rules, from a day on."""

    valid_from = DateField(
        _l("These rules hold from"), validators=[InputRequired(_l("Please choose a date."))]
    )

    in_hours = False

    def counts(self) -> CountingMethod:
        return CountingMethod.HOURS if self.in_hours else CountingMethod.DAYS


class NewTypeForm(LookForm, _Rules):
    """A type with its first rules, and how it counts for good."""

    counting = SelectField(
        _l("Counts in"),
        choices=[
            SelectChoice(CountingMethod.DAYS, _l("Days: a working day is one day, whatever its hours")),
            SelectChoice(
                CountingMethod.HOURS, _l("Hours: a working day is the hours that it would have had")
            ),
        ],
        default=CountingMethod.DAYS,
    )

    def counts(self) -> CountingMethod:
        return CountingMethod.HOURS if self.counting.data == CountingMethod.HOURS else CountingMethod.DAYS


def look_form(shown: TypeRecord) -> LookForm:
    """The form with what is."""
    facts = shown.facts
    data = {"name": facts.name, "code": facts.code, "colour": facts.colour, "retired_on": shown.retired_on}
    return LookForm(formdata=None, data=data)


def sent_rules(shown: TypeRecord) -> RulesForm:
    """The form as it was sent; its amounts are in the unit of the type."""
    form = RulesForm()
    form.in_hours = shown.facts.counting is CountingMethod.HOURS
    return form


def rules_form(shown: TypeRecord, today: date) -> RulesForm:
    """The form with what holds today, for a change from today on."""
    rules, scale = shown.rules, _SCALE[shown.facts.counting]
    form = RulesForm(
        formdata=None,
        data={
            "valid_from": today,
            "yearly_days": _in_form(rules.yearly_entitlement, scale),
            "overdraft": _in_form(rules.overdraft, scale),
            "needs_approval": rules.needs_approval,
            "cancel_needs_approval": rules.cancel_needs_approval,
            "unit": rules.unit,
            "colleagues_see": rules.colleagues_see,
            "notice_days": rules.notice_days,
            "longest_days": rules.longest_days,
            "proof_from_days": rules.proof_from_days,
            "counts_as_worked": rules.counts_as_worked,
            "sickness": rules.sickness,
            "alarm_days": rules.alarm_days,
            "substitutes": rules.substitutes,
        },
    )
    form.in_hours = shown.facts.counting is CountingMethod.HOURS
    return form


def _in_form(amount: int | None, scale: int) -> Decimal | None:
    return None if amount is None else Decimal(f"{amount / scale:g}")
