"""The forms around who covers: fields of a request, one more afterwards, and the answer of whoever was named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from portal.domain.substitutes import LONGEST_COVER_NOTE, MOST_SUBSTITUTES, SubstituteAnswer
from portal.services.absence_wishes import Wish
from portal.web.text_filters import one_line


def _address(label: LazyString) -> StringField:
    return StringField(label, filters=[one_line], validators=[Length(max=254)])


#: Their names, the people's first.
COVER_FIELDS = (*(f"substitute_{place}" for place in range(1, MOST_SUBSTITUTES + 1)), "cover_note")


class CoverFields(FlaskForm):
    """Who covers, in a form that asks for time off."""

    substitute_1: StringField | None = _address(_l("Work e-mail of who covers"))
    substitute_2: StringField | None = _address(_l("A second person"))
    substitute_3: StringField | None = _address(_l("A third person"))
    cover_note: TextAreaField | None = TextAreaField(
        _l("Note to who covers"), validators=[Length(max=LONGEST_COVER_NOTE)]
    )

    #: Whom the page suggests: e-mail and name.
    colleagues: Sequence[tuple[str, str]] = ()

    def covering(self) -> list[Field]:
        """The fields of the people who are named; forms that do not ask have none."""
        return [self[name] for name in COVER_FIELDS[:MOST_SUBSTITUTES] if name in self]

    def covered(self, wish: Wish) -> Wish:
        """The wish with who covers."""
        named = tuple(field.data for field in self.covering() if field.data)
        note = (self.cover_note.data or "") if self.cover_note is not None else ""
        return replace(wish, substitutes=named, cover_note=note)

    def ask_not(self) -> None:
        """Where no type asks, and where somebody enters it for somebody else."""
        for name in COVER_FIELDS:
            if name in self:
                del self[name]


class SubstituteForm(FlaskForm):
    """One more who covers."""

    substitute = StringField(
        _l("Work e-mail of who covers"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=254)],
    )
    cover_note = TextAreaField(_l("Note to who covers"), validators=[Length(max=LONGEST_COVER_NOTE)])


class AnswerForm(FlaskForm):
    """Which of the two, by the button that was pressed."""

    answer = StringField(validators=[AnyOf([SubstituteAnswer.CAN.value, SubstituteAnswer.CANNOT.value])])
