"""The form of a plan of entitlement. Whether its numbers make sense, the rule says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import (
    FULL_WEEK_DAYS,
    FULL_WEEK_MINUTES,
    GRAINS,
    Basis,
    CarryOver,
    Frequency,
    GivenAt,
    Milestone,
    Plan,
    SeniorityUnit,
)
from portal.domain.entitlements import Rounding, RoundingPolicy
from portal.web.amount_fields import AmountField, amount_text
from portal.web.amounts import amount_in
from portal.web.number_fields import WholeNumberField
from portal.web.plan_words import BASES, FREQUENCIES, GIVEN_AT, ROUNDINGS, UNITS, day_of_year

#: How many amounts by seniority the form has beside the first one.
RAISES = (1, 2, 3)
#: What the Czech Labour Code says; a lawyer must check it.
LIMITED_MOST, LIMITED_FROM = 20, 12
DEFAULT_GRAIN = {CountingMethod.DAYS: 500, CountingMethod.HOURS: 30}
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


def _amount(label: str = "", *, needed: bool = False) -> AmountField:
    return AmountField(label, validators=[InputRequired(_MISSING) if needed else Optional()])


class AheadForm(FlaskForm):
    """Whether requests may use what the plan has not given yet."""

    uses_future_accrual = BooleanField(_l("Requests may use what will be earned by their days"))


class PlanForm(FlaskForm):
    """A plan from a day on, and the person for whom it is tried out."""

    valid_from = DateField(
        _l("This plan holds from"), validators=[InputRequired(_l("Please choose a date."))]
    )
    yearly_days = _amount(needed=True)
    after_1 = WholeNumberField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_1 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_1 = _amount()
    after_2 = WholeNumberField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_2 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_2 = _amount()
    after_3 = WholeNumberField(_l("After"), validators=[Optional(), NumberRange(1, 36_500)])
    unit_3 = SelectField(_l("Unit"), choices=_choices(UNITS), default=SeniorityUnit.YEARS)
    days_3 = _amount()
    basis = SelectField(_l("Earned"), choices=_choices(BASES), default=Basis.CALENDAR)
    limited_most = WholeNumberField(
        _l("Limited absences count up to so many times the weekly hours"),
        default=LIMITED_MOST,
        validators=[Optional()],
    )
    limited_from = WholeNumberField(
        _l("And only from so many times worked besides"), default=LIMITED_FROM, validators=[Optional()]
    )
    frequency = SelectField(_l("Given"), choices=_choices(FREQUENCIES), default=Frequency.YEARLY)
    given_at = SelectField(_l("When"), choices=_choices(GIVEN_AT), default=GivenAt.START)
    year_month = SelectField(_l("The year begins on"), coerce=int, default=1)
    by_schedule = BooleanField(default=True)
    rounding = SelectField(_l("Rounded"), choices=_choices(ROUNDINGS), default=Rounding.UP)
    grain = SelectField(_l("To a multiple of"), coerce=int)
    yearly_cap = _amount(_l("At most in a year"))
    balance_cap = _amount(_l("Nothing more while the balance is"))
    carry_all = BooleanField(_l("All that is left is carried over"))
    carry_cap = _amount(_l("Carried over at most"))
    carry_through = SelectField(_l("Usable through"), default="3-31")
    carry_protected = _amount(_l("Of it usable through the whole year"))
    carries_debt = BooleanField(_l("A balance below zero is taken from the next year"), default=True)
    person = StringField(_l("Work e-mail of the person"), validators=[Optional(), Length(max=254)])

    #: Whether its amounts are days or hours.
    counting = CountingMethod.DAYS

    def __init__(self, counting: CountingMethod, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.counting = counting
        self._name_amounts(in_hours=counting is CountingMethod.HOURS)
        self.year_month.choices = [SelectChoice(month, day_of_year(month, 1)) for month in range(1, 13)]
        self.grain.choices = [
            SelectChoice(grain, amount_in(grain, counting)) for grain in reversed(GRAINS[counting])
        ]
        if self.grain.data is None:
            self.grain.data = DEFAULT_GRAIN[counting]
        through = [SelectChoice(f"{month}-{day}", day_of_year(month, day)) for month, day in _LAST_DAYS]
        self.carry_through.choices = [*through, SelectChoice(_WHOLE_YEAR, _l("The whole next year"))]

    def _name_amounts(self, *, in_hours: bool) -> None:
        a_year = _l("Hours a year") if in_hours else _l("Days a year")
        then = _l("Hours a year then") if in_hours else _l("Days a year then")
        self.yearly_days.label.text = a_year
        for _after, _unit, amount in self.raises():
            amount.label.text = then
        self.by_schedule.label.text = (
            _l("Whoever works fewer hours a week gets as much less")
            if in_hours
            else _l("Whoever works fewer days a week gets as much less")
        )

    def raises(self) -> list[tuple[WholeNumberField, SelectField, AmountField]]:
        return [(self[f"after_{one}"], self[f"unit_{one}"], self[f"days_{one}"]) for one in RAISES]

    def plan(self) -> Plan:
        milestones = [Milestone(0, SeniorityUnit.DAYS, self.yearly_days.amount or 0)]
        for after, unit, amount in self.raises():
            if after.data is not None and amount.amount is not None:
                milestones.append(Milestone(after.data, SeniorityUnit(unit.data), amount.amount))
        in_hours = self.counting is CountingMethod.HOURS
        month, last = (int(part) for part in self.carry_through.data.split("-"))
        by_multiples = self.basis.data == Basis.MULTIPLES
        return Plan(
            valid_from=self.valid_from.data,
            milestones=tuple(milestones),
            frequency=Frequency(self.frequency.data),
            given_at=GivenAt(self.given_at.data),
            year_starts=(self.year_month.data, 1),
            basis=Basis(self.basis.data),
            counting=self.counting,
            full_week_days=FULL_WEEK_DAYS if self.by_schedule.data and not in_hours else None,
            full_week_minutes=FULL_WEEK_MINUTES if self.by_schedule.data and in_hours else None,
            rounding=RoundingPolicy(Rounding(self.rounding.data), self.grain.data),
            yearly_cap=self.yearly_cap.amount,
            balance_cap=self.balance_cap.amount,
            carry_over=CarryOver(
                cap=None if self.carry_all.data else self.carry_cap.amount or 0,
                through=(month, last) if month else None,
                protected=self.carry_protected.amount or 0,
                carries_debt=bool(self.carries_debt.data),
            ),
            limited_most=self.limited_most.data if by_multiples else None,
            limited_from=self.limited_from.data if by_multiples else None,
        )


def plan_form(
    plan: Plan | None, valid_from: date, yearly: int | None, email: str, counting: CountingMethod
) -> PlanForm:
    """The form with the plan that holds today; without one, with what the type grants for a year."""
    data: dict[str, object] = {
        "valid_from": valid_from,
        "yearly_days": amount_text(yearly, counting),
        "person": email,
    }
    if plan is not None:
        data |= _filled(plan)
    return PlanForm(counting, formdata=None, data=data)


def _filled(plan: Plan) -> dict[str, object]:
    carry = plan.carry_over
    through = carry.through or (0, 0)
    first, *raises = plan.milestones

    def text(amount: int | None) -> str:
        return amount_text(amount, plan.counting)

    data: dict[str, object] = {
        "yearly_days": text(first.yearly_amount),
        "basis": plan.basis.value,
        "frequency": plan.frequency.value,
        "given_at": plan.given_at.value,
        "year_month": plan.year_starts[0],
        "by_schedule": plan.by_schedule,
        "rounding": plan.rounding.rounding.value,
        "grain": plan.rounding.grain,
        "yearly_cap": text(plan.yearly_cap),
        "balance_cap": text(plan.balance_cap),
        "carry_all": carry.cap is None,
        "carry_cap": text(carry.cap),
        "carry_through": f"{through[0]}-{through[1]}",
        "carry_protected": text(carry.protected),
        "carries_debt": carry.carries_debt,
    }
    if plan.counts_multiples:
        data |= {"limited_most": plan.limited_most, "limited_from": plan.limited_from}
    for number, one in zip(RAISES, raises, strict=False):
        data |= {
            f"after_{number}": one.after,
            f"unit_{number}": one.unit.value,
            f"days_{number}": text(one.yearly_amount),
        }
    return data
