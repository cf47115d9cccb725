"""The form of planned days. For whom is never asked: everybody plans for themselves."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.periods import Part
from portal.domain.planned_absences import LONGEST_NOTE, WEIGHTS
from portal.services.balances import TypeFacts
from portal.services.planned_absences.keeping import Planned
from portal.web.absence_words import type_label
from portal.web.dates_fields import HalvesFields
from portal.web.once_form import OnceForm
from portal.web.planned_words import WEIGHTS as WEIGHT_WORDS


class PlanForm(HalvesFields, OnceForm):
    """When, of what, and how much it matters."""

    absence_type_id = SelectField(_l("Type"))
    weight = RadioField(
        _l("How much it matters"),
        choices=[SelectChoice(str(one), WEIGHT_WORDS[one]) for one in WEIGHTS],
        default="2",
    )
    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST_NOTE)])

    def offer(self, kinds: list[TypeFacts]) -> None:
        self.absence_type_id.choices = [SelectChoice(str(one.id), type_label(one)) for one in kinds]

    def planned(self) -> Planned:
        """Without a last day it is one day."""
        return Planned(
            UUID(self.absence_type_id.data),
            self.start_date.data,
            self.end_date.data or self.start_date.data,
            Part(self.first_part.data),
            Part(self.last_part.data),
            int(self.weight.data),
            self.note.data or "",
        )


class ChangeForm(PlanForm):
    """The same for a plan that is there; it needs no key."""

    key = None
    version = IntegerField(validators=[InputRequired()])


class StepForm(FlaskForm):
    """The version that a button was made for."""

    version = IntegerField(validators=[InputRequired()])


def values_of(planned: Planned, version: int) -> dict[str, object]:
    """What the form shows of a plan."""
    return {
        "absence_type_id": str(planned.absence_type_id),
        "start_date": planned.start_date,
        "end_date": planned.end_date,
        "first_part": planned.first_part,
        "last_part": planned.last_part,
        "weight": str(planned.weight),
        "note": planned.note,
        "version": version,
    }
