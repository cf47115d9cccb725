"""The form of a plan of entitlement. Whether its numbers make sense, the rule says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.domain.entitlement_plans import (
    GRAINS,
    CarryOver,
    Frequency,
    GivenAt,
    Milestone,
    Plan,
    SeniorityUnit,
)
from portal.domain.entitlements import Rounding, RoundingPolicy
from portal.web.comma_decimals import CommaDecimalField
from portal.web.filters import days
from portal.web.plan_words import FREQUENCIES, GIVEN_AT, ROUNDINGS, UNITS, day_of_year

#: How many amounts by seniority the form has beside the first one.
RAISES = (1, 2, 3)
_MISSING = _l("Please fill this in.")
_WHOLE_YEAR = "0-0"
_LAST_DAYS = [
    (1, 31),
    (2, 29),
    (3, 31),
    (4, 30),
    (5, 31),
    (6, 30),
    (7, 31),
    (8, 31),
    (9, 30),
    (10, 31),
    (11, 30),
]


def _choices(words: Mapping[Any, object]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items()]


def _amount(label: str, *, needed: bool = False) -> CommaDecimalField:
    given = InputRequired(_MISSING) if needed else Optional()
    return CommaDecimalField(label, places=None, validators=[given, _reasonable])


def _reasonable(_form: FlaskForm, field: CommaDecimalField) -> None:
    # The largest is checked first: a number of a million digits is never multiplied.
    value = field.data
    if value is not None and (not value.is_finite() or not 0 <= value <= 366 or value % Decimal("0.001")):
        raise ValidationError(_l("A number of days up to 366, with at most three digits after the point."))


class AheadForm(FlaskForm):
    """Whether requests may use what the plan has not given yet."""

    uses_future_accrual = BooleanField(_l("Requests may use what will be earned by their days"))


class PlanForm(FlaskForm):
    """A plan from a day on, and the person for whom it is tried out."""

    valid_from = DateField(
        _l("This plan holds from"), validators=[InputRequired(_l("Please choose a date."))]
    )
    yearly_days = _amount(_l("Days a year"), needed=True)
    after_1 = IntegerField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_1 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_1 = _amount(_l("Days a year then"))
    after_2 = IntegerField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_2 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_2 = _amount(_l("Days a year then"))
    after_3 = IntegerField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_3 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_3 = _amount(_l("Days a year then"))
    frequency = SelectField(_l("Given"), choices=_choices(FREQUENCIES), default=Frequency.YEARLY)
    given_at = SelectField(_l("When"), choices=_choices(GIVEN_AT), default=GivenAt.START)
    year_month = SelectField(_l("The year begins on"), coerce=int, default=1)
    by_schedule = BooleanField(_l("Whoever works fewer days a week gets as much less"), default=True)
    rounding = SelectField(_l("Rounded"), choices=_choices(ROUNDINGS), default=Rounding.UP)
    grain = SelectField(_l("To a multiple of"), coerce=int, default=500)
    yearly_cap = _amount(_l("At most in a year"))
    balance_cap = _amount(_l("Nothing more while the balance is"))
    carry_all = BooleanField(_l("All that is left is carried over"))
    carry_cap = _amount(_l("Carried over at most"))
    carry_through = SelectField(_l("Usable through"), default="3-31")
    carry_protected = _amount(_l("Of it usable through the whole year"))
    carries_debt = BooleanField(_l("A balance below zero is taken from the next year"), default=True)
    person = StringField(_l("Work e-mail of the person"), validators=[Optional(), Length(max=254)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.year_month.choices = [SelectChoice(month, day_of_year(month, 1)) for month in range(1, 13)]
        self.grain.choices = [SelectChoice(grain, days(grain)) for grain in reversed(GRAINS)]
        through = [SelectChoice(f"{month}-{day}", day_of_year(month, day)) for month, day in _LAST_DAYS]
        self.carry_through.choices = [*through, SelectChoice(_WHOLE_YEAR, _l("The whole next year"))]

    def raises(self) -> list[tuple[IntegerField, SelectField, CommaDecimalField]]:
        return [(self[f"after_{one}"], self[f"unit_{one}"], self[f"days_{one}"]) for one in RAISES]

    def plan(self) -> Plan:
        milestones = [Milestone(0, SeniorityUnit.DAYS, _thousandths(self.yearly_days.data) or 0)]
        for after, unit, amount in self.raises():
            if after.data is not None and amount.data is not None:
                milestones.append(Milestone(after.data, SeniorityUnit(unit.data), int(amount.data * 1000)))
        month, last = (int(part) for part in self.carry_through.data.split("-"))
        return Plan(
            valid_from=self.valid_from.data,
            milestones=tuple(milestones),
            frequency=Frequency(self.frequency.data),
            given_at=GivenAt(self.given_at.data),
            year_starts=(self.year_month.data, 1),
            full_week_days=5 if self.by_schedule.data else None,
            rounding=RoundingPolicy(Rounding(self.rounding.data), self.grain.data),
            yearly_cap=_thousandths(self.yearly_cap.data),
            balance_cap=_thousandths(self.balance_cap.data),
            carry_over=CarryOver(
                cap=None if self.carry_all.data else _thousandths(self.carry_cap.data) or 0,
                through=(month, last) if month else None,
                protected=_thousandths(self.carry_protected.data) or 0,
                carries_debt=bool(self.carries_debt.data),
            ),
        )


def plan_form(plan: Plan | None, valid_from: date, yearly: int | None, email: str) -> PlanForm:
    """The form with the plan that holds today; without one, with what the type grants for a year."""
    data: dict[str, object] = {"valid_from": valid_from, "yearly_days": _days(yearly), "person": email}
    if plan is not None:
        data |= _filled(plan)
    return PlanForm(formdata=None, data=data)


def _filled(plan: Plan) -> dict[str, object]:
    carry = plan.carry_over
    through = carry.through or (0, 0)
    first, *raises = plan.milestones
    data: dict[str, object] = {
        "yearly_days": _days(first.yearly_amount),
        "frequency": plan.frequency.value,
        "given_at": plan.given_at.value,
        "year_month": plan.year_starts[0],
        "by_schedule": plan.full_week_days is not None,
        "rounding": plan.rounding.rounding.value,
        "grain": plan.rounding.grain,
        "yearly_cap": _days(plan.yearly_cap),
        "balance_cap": _days(plan.balance_cap),
        "carry_all": carry.cap is None,
        "carry_cap": _days(carry.cap),
        "carry_through": f"{through[0]}-{through[1]}",
        "carry_protected": _days(carry.protected),
        "carries_debt": carry.carries_debt,
    }
    for number, one in zip(RAISES, raises, strict=False):
        data |= {
            f"after_{number}": one.after,
            f"unit_{number}": one.unit.value,
            f"days_{number}": _days(one.yearly_amount),
        }
    return data


def _thousandths(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 1000)


def _days(thousandths: int | None) -> Decimal | None:
    return None if thousandths is None else Decimal(f"{thousandths / 1000:g}")
