"""The forms of types of absence. Whether numbers make sense, the rule says."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.substitutes import SubstituteRule
from portal.services.absence_types import TypeLook, TypeRecord
from portal.web.amount_fields import AmountField, amount_text
from portal.web.colours import COLOURS
from portal.web.number_fields import WholeNumberField
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_NOTHING_BY_THE_YEAR = _l(
    "Where a year grants nothing, leave this empty. For time off in lieu, make a type that counts hours and open its "
    "page Overtime."
)


class LookForm(FlaskForm):
    """How a type is called and drawn, and until when it is offered."""

    name = StringField(
        lazy_pgettext("of a thing", "Name"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=60)],
    )
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


_UNITS = (
    SelectChoice(Unit.DAY, _l("Whole days")),
    SelectChoice(Unit.HALF, _l("Half days")),
    SelectChoice(Unit.HOUR, _l("Hours, from a time to a time")),
)
_BY_COUNTING = ""


class _Rules(FlaskForm):
    yearly_days = AmountField(
        _l("Granted for a year"), zero=False, at_zero=_NOTHING_BY_THE_YEAR, validators=[Optional()]
    )
    overdraft = AmountField(_l("Below zero by at most"), validators=[Optional()])
    needs_approval = BooleanField(_l("Somebody has to approve it"), default=True)
    cancel_needs_approval = BooleanField(_l("Somebody has to agree to cancelling it"))
    unit = SelectField(_l("Smallest part"), choices=_UNITS, default=Unit.HALF)
    colleagues_see = BooleanField(_l("Colleagues see the type in the calendar"))
    notice_days = WholeNumberField(_l("Days of notice"), default=0, validators=[InputRequired(_MISSING)])
    longest_days = WholeNumberField(_l("Longest stretch in days"), validators=[Optional()])
    proof_from_days = WholeNumberField(_l("Proof is needed from day"), validators=[Optional()])
    counts_as_worked = BooleanField(_l("Counts as worked"), default=True)
    counts_up_to_limit = BooleanField(_l("Only up to a limit"))
    sickness = BooleanField(_l("This is sickness"))
    alarm_days = WholeNumberField(_l("Tell HR after so many days in a row"), validators=[Optional()])
    substitutes = SelectField(
        _l("Who covers"),
        choices=[
            SelectChoice(SubstituteRule.OPTIONAL, _l("Can be named with the request")),
            SelectChoice(SubstituteRule.REQUIRED, _l("Has to be named with the request")),
            SelectChoice(SubstituteRule.OFF, _l("Is not asked for")),
        ],
        default=SubstituteRule.OPTIONAL,
    )

    def rules(self) -> TypeRules:
        return TypeRules(
            yearly_entitlement=self.yearly_days.amount,
            needs_approval=bool(self.needs_approval.data),
            cancel_needs_approval=bool(self.cancel_needs_approval.data),
            unit=self.smallest(),
            colleagues_see=bool(self.colleagues_see.data),
            notice_days=self.notice_days.data,
            longest_days=self.longest_days.data,
            overdraft=self.overdraft.amount or 0,
            proof_from_days=self.proof_from_days.data,
            counts_as_worked=bool(self.counts_as_worked.data),
            counts_up_to_limit=bool(self.counts_up_to_limit.data),
            sickness=bool(self.sickness.data),
            alarm_days=self.alarm_days.data,
            substitutes=SubstituteRule(self.substitutes.data),
        )

    def smallest(self) -> Unit:
        return Unit(self.unit.data)


class RulesForm(_Rules):
    """New rules, from a day on."""

    valid_from = DateField(
        _l("These rules hold from"), validators=[InputRequired(_l("Please choose a date."))]
    )

    #: Of the type that they are of.
    counting = CountingMethod.DAYS


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
    unit = SelectField(
        _l("Smallest part"),
        choices=[SelectChoice(_BY_COUNTING, _l("As it counts: half days, or hours")), *_UNITS],
        default=_BY_COUNTING,
    )

    def smallest(self) -> Unit:
        if self.unit.data != _BY_COUNTING:
            return super().smallest()
        return Unit.HOUR if self.counts() is CountingMethod.HOURS else Unit.HALF

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
    form.counting = shown.facts.counting
    return form


def rules_form(shown: TypeRecord, today: date) -> RulesForm:
    """The form with what holds today, for a change from today on."""
    rules, counting = shown.rules, shown.facts.counting
    form = RulesForm(
        formdata=None,
        data={
            "valid_from": today,
            "yearly_days": amount_text(rules.yearly_entitlement, counting),
            "overdraft": amount_text(rules.overdraft, counting),
            "needs_approval": rules.needs_approval,
            "cancel_needs_approval": rules.cancel_needs_approval,
            "unit": rules.unit,
            "colleagues_see": rules.colleagues_see,
            "notice_days": rules.notice_days,
            "longest_days": rules.longest_days,
            "proof_from_days": rules.proof_from_days,
            "counts_as_worked": rules.counts_as_worked,
            "counts_up_to_limit": rules.counts_up_to_limit,
            "sickness": rules.sickness,
            "alarm_days": rules.alarm_days,
            "substitutes": rules.substitutes,
        },
    )
    form.counting = shown.facts.counting
    return form
