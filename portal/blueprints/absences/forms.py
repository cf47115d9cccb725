"""The forms around time off. They hold no field for a person, a status or a price: those are never asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    AnyOf,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.blueprints.absences.cover_forms import COVER_FIELDS, CoverFields
from portal.domain.absence_costs import CountingMethod
from portal.domain.better_dates import FURTHEST_DAYS
from portal.domain.periods import DAY_MINUTES, DayPart, Part
from portal.services.absence_wishes import LONGEST_NOTE, Wish
from portal.services.balances import TypeFacts
from portal.services.entitlements import LONGEST_REASON
from portal.web.absence_words import label_of_day, type_label
from portal.web.amount_fields import AmountField
from portal.web.dates_fields import HalvesFields
from portal.web.number_fields import WholeNumberField
from portal.web.once_form import OnceForm

_MISSING = _l("Please fill this in.")
_NO_DATE = _l("Please choose a date.")


class WishForm(HalvesFields, CoverFields, OnceForm):
    """When, and which half at either end."""

    absence_type_id = SelectField(_l("Type"))
    #: Taken off the form where no type takes hours.
    starts_at: TimeField | None = TimeField(_l("From"), validators=[Optional()])
    ends_at: TimeField | None = TimeField(_l("To"), validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST_NOTE)])
    #: Who enters it for somebody else has looked at the days that break a rule of staffing.
    breaches_seen = BooleanField(_l("I have seen the days with too few people; the note says why"))
    #: So many days later (earlier, if negative): the button of one of the better dates.
    shift = HiddenField()

    def move(self) -> None:
        """Takes the dates of the button that was pressed; a number that is none moves nothing."""
        pressed, self.shift.data = self.shift.data or "", ""
        if not pressed.removeprefix("-").isdecimal() or abs(int(pressed[:4])) > FURTHEST_DAYS:
            return
        for field in (self.start_date, self.end_date):
            if field.data:
                moved = field.data + timedelta(days=int(pressed))
                field.data, field.raw_data = moved, [moved.isoformat()]

    def validate_starts_at(self, field: TimeField) -> None:
        if field.data and self.end_date.data and self.end_date.data != self.start_date.data:
            raise ValidationError(_l("Hours are possible on one day only: leave the last day empty."))
        if field.data and not (self.ends_at and self.ends_at.data):
            raise ValidationError(_l("Please say until when, too."))

    def validate_ends_at(self, field: TimeField) -> None:
        if field.data and not (self.starts_at and self.starts_at.data):
            raise ValidationError(_l("Please say from when, too."))

    def wish(self, kind: UUID | None = None) -> Wish:
        """Without a last day it is one day; with times it is the hours between them, by the clock of the site."""
        if self.starts_at and self.ends_at and self.starts_at.data and self.ends_at.data:
            between = DayPart(
                self.start_date.data,
                Part.FROM_TO,
                minute_of(self.starts_at.data),
                minute_of(self.ends_at.data) or DAY_MINUTES,
            )
            made = Wish.of_days(kind or UUID(self.absence_type_id.data), [between], self.note.data or "")
            return self.covered(made)
        made = Wish(
            absence_type_id=kind or UUID(self.absence_type_id.data),
            start_date=self.start_date.data,
            end_date=self.end_date.data or self.start_date.data,
            first_part=Part(self.first_part.data),
            last_part=Part(self.last_part.data),
            note=self.note.data or "",
        )
        return self.covered(made)


class StepForm(FlaskForm):
    """A step in the life of an absence: the version it is meant for, and a note."""

    version = IntegerField(validators=[InputRequired()])
    note = StringField(_l("Note"), validators=[Length(max=LONGEST_NOTE)])
    #: Whoever approves has looked at the days that break a rule of staffing.
    breaches_seen = BooleanField()


class LinkDecisionForm(StepForm):
    """The same by the link of a letter: which of the two, by the button that was pressed."""

    decision = StringField(validators=[AnyOf(["approve", "reject"])])


class GiveBackForm(FlaskForm):
    """Which days of an approved absence are given back."""

    version = IntegerField(validators=[InputRequired()])
    days = SelectMultipleField(coerce=date.fromisoformat, validate_choice=False)


class AdjustmentForm(OnceForm):
    """A correction of a balance."""

    absence_type_id = SelectField(_l("Type"))
    year = WholeNumberField(_l("Year"), validators=[InputRequired(_MISSING), NumberRange(2000, 2099)])
    amount = AmountField(
        _l("Days or hours"),
        signed=True,
        validators=[InputRequired(_l("Please enter a number, such as -1.5."))],
    )
    reason = StringField(_l("Reason"), validators=[InputRequired(_MISSING), Length(max=LONGEST_REASON)])

    def validate_amount(self, field: AmountField) -> None:
        if field.amount == 0:
            raise ValidationError(_l("Please enter a number, such as -1.5."))

    #: The types to choose from, and whether each is sickness.
    offered: Sequence[tuple[TypeFacts, bool]] = ()
    #: Those that count hours.
    hour_types: frozenset[str] = frozenset()

    @property
    def counting(self) -> CountingMethod:
        in_hours = self.absence_type_id.data in self.hour_types
        return CountingMethod.HOURS if in_hours else CountingMethod.DAYS

    @property
    def in_ledger(self) -> int:
        """The amount in the unit of the type's ledger."""
        return self.amount.amount or 0


class GrantForm(FlaskForm):
    """The year to grant."""

    year = WholeNumberField(_l("Year"), validators=[InputRequired(_MISSING), NumberRange(2000, 2099)])


PART_CHOICES = [
    SelectChoice("", _l("No")),
    SelectChoice(Part.FULL, _l("All day")),
    SelectChoice(Part.AM, _l("Morning only")),
    SelectChoice(Part.PM, _l("Afternoon only")),
]
#: So many days stand on one page of single days.
MOST_DAYS = 62


class SpanForm(FlaskForm):
    """From which day to which one the single days are chosen; read from the address."""

    class Meta:
        csrf = False

    first = DateField(_l("First day"), validators=[InputRequired(_NO_DATE)])
    last = DateField(_l("Last day"), validators=[InputRequired(_NO_DATE)])

    def validate_last(self, field: DateField) -> None:
        if self.first.data and field.data and not 0 <= (field.data - self.first.data).days < MOST_DAYS:
            raise ValidationError(_l("At most two months, and the last day is not before the first."))


class DaysForm(CoverFields, OnceForm):
    """Single days, each with a part; one field for each day that costs something."""

    absence_type_id = SelectField(_l("Type"))
    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST_NOTE)])

    def wish(self, kind: UUID | None = None) -> Wish:
        days = [
            DayPart(date.fromisoformat(field.name.removeprefix("day-")), Part(field.data))
            for field in self
            if field.name.startswith("day-") and field.data
        ]
        return self.covered(Wish.of_days(kind or UUID(self.absence_type_id.data), days, self.note.data or ""))


def days_form(
    days: Iterable[date], *, data: dict[str, Any] | None = None, version: IntegerField | None = None
) -> DaysForm:
    """The form for these days; with a version, for a change of a request, which keeps its type and needs no key."""
    fields: dict[str, Any] = {
        f"day-{day.isoformat()}": SelectField(label_of_day(day), choices=PART_CHOICES, default="")
        for day in days
    }
    if version is not None:
        fields |= {"version": version, "key": None, "absence_type_id": None}
        fields |= dict.fromkeys(COVER_FIELDS)
    form = type("DaysForm", (DaysForm,), fields)
    made: DaysForm = form() if data is None else form(formdata=None, data=data)
    return made


def minute_of(value: time) -> int:
    return value.hour * 60 + value.minute


def type_choices(kinds: list[TypeFacts]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), type_label(one)) for one in kinds]
