"""The forms of types of absence. Whether numbers make sense, the rule says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from portal.domain.absence_types import TypeRules
from portal.services.absence_types import TypeLook, TypeRecord
from portal.web.colours import COLOURS
from portal.web.comma_decimals import CommaDecimalField
from portal.web.text_filters import one_line

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
    yearly_days = CommaDecimalField(_l("Days granted for a year"), places=None, validators=[Optional()])
    needs_approval = BooleanField(_l("Somebody has to approve it"), default=True)
    half_days = BooleanField(_l("Half days are possible"), default=True)
    colleagues_see = BooleanField(_l("Colleagues see the type in the calendar"))
    notice_days = IntegerField(_l("Days of notice"), default=0, validators=[InputRequired(_MISSING)])
    longest_days = IntegerField(_l("Longest stretch in days"), validators=[Optional()])

    def validate_yearly_days(self, field: CommaDecimalField) -> None:
        # The largest is checked first: a number of a million digits is never multiplied.
        if field.data is None:
            return
        if not field.data.is_finite() or not 0 < field.data <= 366 or field.data % Decimal("0.001"):
            raise ValidationError(
                _l("A number of days up to 366, with at most three digits after the point, or nothing.")
            )

    def rules(self) -> TypeRules:
        return TypeRules(
            yearly_entitlement=None if self.yearly_days.data is None else int(self.yearly_days.data * 1000),
            needs_approval=bool(self.needs_approval.data),
            half_days=bool(self.half_days.data),
            colleagues_see=bool(self.colleagues_see.data),
            notice_days=self.notice_days.data,
            longest_days=self.longest_days.data,
        )


class RulesForm(_Rules):
    """New rules, from a day on."""

    valid_from = DateField(
        _l("These rules hold from"), validators=[InputRequired(_l("Please choose a date."))]
    )


class NewTypeForm(LookForm, _Rules):
    """A type with its first rules."""


def look_form(shown: TypeRecord) -> LookForm:
    """The form with what is."""
    facts = shown.facts
    data = {"name": facts.name, "code": facts.code, "colour": facts.colour, "retired_on": shown.retired_on}
    return LookForm(formdata=None, data=data)


def rules_form(shown: TypeRecord, today: date) -> RulesForm:
    """The form with what holds today, for a change from today on."""
    rules = shown.rules
    return RulesForm(
        formdata=None,
        data={
            "valid_from": today,
            "yearly_days": _days(rules.yearly_entitlement),
            "needs_approval": rules.needs_approval,
            "half_days": rules.half_days,
            "colleagues_see": rules.colleagues_see,
            "notice_days": rules.notice_days,
            "longest_days": rules.longest_days,
        },
    )


def _days(thousandths: int | None) -> Decimal | None:
    return None if thousandths is None else Decimal(f"{thousandths / 1000:g}")
