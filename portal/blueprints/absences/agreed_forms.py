"""The form of an entitlement that is agreed with one person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.domain.absence_costs import CountingMethod
from portal.services.balances import TypeFacts
from portal.services.entitlement_plans import LONGEST_REASON
from portal.web.absence_words import type_label
from portal.web.amount_fields import AmountField
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
    yearly_days = AmountField(_l("Days or hours for a full year"), validators=[Optional()])
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
        if self.by.data == _OWN and not (self.yearly_days.data or "").strip():
            raise ValidationError(_l("Please enter how much, or choose the plan."))

    @property
    def yearly(self) -> int | None:
        """In the unit of the type's ledger; None: by the plan."""
        return None if self.by.data == _PLAN else self.yearly_days.amount

    @property
    def counting(self) -> CountingMethod:
        in_hours = self.absence_type_id.data in self.hour_types
        return CountingMethod.HOURS if in_hours else CountingMethod.DAYS
