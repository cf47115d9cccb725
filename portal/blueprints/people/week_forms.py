"""The days of one week or of several that take turns, in forms of working time. A week more is a button, no script."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.blueprints.people.fields import HoursField
from portal.domain.working_patterns import MOST_WEEKS, WorkingPattern, monday_of
from portal.web.filters import day as written

WEEKDAYS = {
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
}
MOST_WEEKLY_MINUTES = 80 * 60
_ADD, _REMOVE = "add", "remove"


def _name(weekday: str, number: int) -> str:
    return weekday if number == 1 else f"{weekday}_{number}"


_WHICH_DAYS = [
    SelectChoice("", _l("Fixed days")),
    SelectChoice("1", _l("Flexible: 1 day a week")),
    *(SelectChoice(str(days), _l("Flexible: %(days)s days a week", days=days)) for days in range(2, 8)),
]


class WeeksForm(FlaskForm):
    """Only the first `week_count` weeks are shown and read; `change_weeks` is the button that was pressed."""

    week_count = HiddenField(default="1")
    change_weeks = HiddenField()
    agreed_days = SelectField(_l("Which days"), choices=_WHICH_DAYS, default="")
    cycle_begins = DateField(_l("Week 1 begins on"), validators=[Optional()])

    @property
    def count(self) -> int:
        text = str(self.week_count.data or "")
        return min(max(int(text), 1), MOST_WEEKS) if text.isascii() and text.isdigit() else 1

    @property
    def weeks(self) -> list[list[Field]]:
        return [[self[_name(day, number)] for day in WEEKDAYS] for number in range(1, self.count + 1)]

    @property
    def beginning(self) -> DateField:
        """Where it is shown it is needed."""
        self.cycle_begins.flags.required = True
        return self.cycle_begins

    @property
    def takes_more(self) -> bool:
        return self.count < MOST_WEEKS

    def changed_weeks(self, day: date, weekly_minutes: int | None = None) -> bool:
        """Whether the form comes back with a week more or less: a new one like the one before it."""
        asked, count = self.change_weeks.data, self.count
        if asked not in (_ADD, _REMOVE):
            return False
        if asked == _REMOVE:
            self.week_count.data = str(max(1, count - 1))
        elif self.takes_more:
            if all(field.data is None for field in self.weeks[0]) and weekly_minutes:
                self._put(1, WorkingPattern.spread(weekly_minutes).minutes)
            last = [field.data for field in self.weeks[-1]]
            self.week_count.data = str(count + 1)
            self._put(count + 1, last)
            self.cycle_begins.data = self.cycle_begins.data or monday_of(day)
        return True

    def fill_weeks(self, pattern: WorkingPattern) -> None:
        self.week_count.data, self.cycle_begins.data = str(len(pattern.weeks)), pattern.begins
        self.agreed_days.data = str(pattern.agreed_days or "")
        for number, week in enumerate(pattern.weeks, start=1):
            self._put(number, week)

    def weeks_agree(self) -> bool:
        """Several weeks need a Monday on which they begin, and work on some day that a week can hold."""
        if self.count == 1:
            return True
        begins = self.cycle_begins.data
        if begins is None:
            self.cycle_begins.errors = [_("Choose a Monday on which the first of these weeks begins.")]
        elif begins != monday_of(begins):
            self.cycle_begins.errors = [
                _(
                    "Weeks that take turns begin on a Monday, such as %(date)s.",
                    date=written(monday_of(begins)),
                )
            ]
        average = sum(self.scheduled_days()) / self.count
        if average <= 0:
            self.monday.errors = [_("Fill in at least one day.")]
        elif average > MOST_WEEKLY_MINUTES:
            self.monday.errors = [_("More hours than there can be.")]
        return not (self.cycle_begins.errors or self.monday.errors)

    @property
    def flexible_days(self) -> int | None:
        """Days agreed a week; weeks that take turns have fixed days."""
        return int(self.agreed_days.data) if self.agreed_days.data and self.count == 1 else None

    def days_suffice(self, possible: int) -> bool:
        """There must be as many days with hours as are agreed."""
        if self.flexible_days is None or self.flexible_days <= possible:
            return True
        self.agreed_days.errors = [
            _("More days agreed than days on which they may lie: %(possible)s.", possible=possible)
        ]
        return False

    def scheduled_days(self) -> tuple[int, ...]:
        """The minutes of the days of all weeks, in a row."""
        return tuple(field.data or 0 for week in self.weeks for field in week)

    def fixed_weeks(self) -> WorkingPattern:
        return WorkingPattern.taking_turns(self.scheduled_days(), self.cycle_begins.data)

    def _put(self, number: int, minutes: object) -> None:
        for weekday, one in zip(WEEKDAYS, list(minutes), strict=True):  # type: ignore[call-overload]
            field = self[_name(weekday, number)]
            field.data, field.raw_data = one, None


for _number in range(1, MOST_WEEKS + 1):
    for _weekday, _label in WEEKDAYS.items():
        setattr(WeeksForm, _name(_weekday, _number), HoursField(_label))
