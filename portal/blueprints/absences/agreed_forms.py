"""The form of an entitlement that is agreed with one person."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.domain.absence_costs import CountingMethod
from portal.services.balances import TypeFacts
from portal.services.entitlement_plans import LONGEST_REASON
from portal.web.absence_words import type_label
from portal.web.comma_decimals import CommaDecimalField
from portal.web.text_filters import one_line

_OWN, _PLAN = "own", "plan"


class AgreedForm(FlaskForm):
    """Of which type, from when, how much for a full year, and why."""

    absence_type_id = SelectField(_l("Type"))
    valid_from = DateField(_l("From the day"), validators=[InputRequired(_l("Please choose a date."))])
    by = RadioField(
        _l("Entitlement"),
        choices=[
            SelectChoice(_OWN, _l("An amount of their own")),
            SelectChoice(_PLAN, _l("By the plan again")),
        ],
        default=_OWN,
    )
    yearly_days = CommaDecimalField(_l("Days or hours for a full year"), places=None, validators=[Optional()])
    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_REASON)],
    )

    #: The types that count hours.
    hour_types: frozenset[str] = frozenset()

    def offer(self, kinds: list[TypeFacts]) -> None:
        self.absence_type_id.choices = [SelectChoice(str(one.id), type_label(one)) for one in kinds]
        self.hour_types = frozenset(str(one.id) for one in kinds if one.counting is CountingMethod.HOURS)

    def validate_by(self, _field: RadioField) -> None:
        """Here, so that an amount that is missing is seen too: an optional field that is empty is not looked at."""
        value = self.yearly_days.data
        typed = (self.yearly_days.raw_data or [""])[0].strip()
        if self.by.data != _OWN or (typed and self.yearly_days.process_errors):
            return
        # The largest is checked first: a number of a million digits is never multiplied.
        most, grain = (Decimal(6000), Decimal("0.25")) if self._in_hours else (Decimal(366), Decimal("0.001"))
        if value is None:
            raise ValidationError(_l("Please enter how much, or choose the plan."))
        if not value.is_finite() or not 0 <= value <= most or value % grain:
            raise ValidationError(
                _l("A number of hours up to 6000, in quarters.")
                if self._in_hours
                else _l("A number of days up to 366, with at most three digits after the point.")
            )

    @property
    def yearly(self) -> int | None:
        """In the unit of the type's ledger; None: by the plan."""
        if self.by.data == _PLAN or self.yearly_days.data is None:
            return None
        return int(self.yearly_days.data * (60 if self._in_hours else 1000))

    @property
    def _in_hours(self) -> bool:
        return self.absence_type_id.data in self.hour_types
