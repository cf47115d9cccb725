"""The forms around overtime."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, ValidationError

from portal.domain.periods import DAY_MINUTES
from portal.services.overtime import LONGEST_NOTE, Worked
from portal.services.overtime_lists import OvertimeKind
from portal.web.absence_words import type_label
from portal.web.amount_fields import minutes_of
from portal.web.once_form import OnceForm
from portal.web.text_filters import one_line


class WorkedForm(OnceForm):
    """How long, on which day, and what for."""

    absence_type_id = SelectField(_l("Type"))
    worked_on = DateField(_l("Day"), validators=[InputRequired(_l("Please choose a date."))])
    hours = StringField(
        _l("Hours worked longer"), filters=[one_line], validators=[DataRequired(_l("Please fill this in."))]
    )
    note = StringField(_l("What for"), filters=[one_line], validators=[Length(max=LONGEST_NOTE)])

    def offer(self, kinds: Sequence[OvertimeKind], today: date) -> None:
        self.absence_type_id.choices = [
            SelectChoice(str(one.facts.id), type_label(one.facts)) for one in kinds
        ]
        if len(kinds) == 1:
            self.absence_type_id.data = str(kinds[0].facts.id)
        if not self.is_submitted():
            self.worked_on.data = today
        self.give_key()

    def validate_hours(self, field: StringField) -> None:
        minutes = minutes_of(field.data or "")
        if minutes is None or not 0 < minutes <= DAY_MINUTES:
            raise ValidationError(_l("Hours above 0 and up to 24, such as 2:30 or 2.5, in whole minutes."))

    def worked(self) -> Worked:
        return Worked(
            UUID(self.absence_type_id.data),
            self.worked_on.data,
            minutes_of(self.hours.data or "") or 0,
            self.note.data or "",
        )


class DecisionForm(FlaskForm):
    """What was seen, and a word about it."""

    version = IntegerField(validators=[InputRequired()])
    note = StringField(_l("Note"), filters=[one_line], validators=[Length(max=LONGEST_NOTE)])


class LinkDecisionForm(DecisionForm):
    """The same by the link of a letter: which of the two, by the button that was pressed."""

    decision = StringField(validators=[AnyOf(["approve", "reject"])])
