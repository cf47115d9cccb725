"""Which year of which type is settled."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from portal.services.balances import TypeFacts
from portal.web.absence_words import type_label
from portal.web.number_fields import WholeNumberField

_MISSING = _l("Please fill this in.")


class YearForm(FlaskForm):
    absence_type_id = SelectField(_l("Type of absence"))
    year = WholeNumberField(_l("Year"), validators=[InputRequired(_MISSING), NumberRange(2000, 2099)])

    def offer(self, types: list[TypeFacts]) -> None:
        self.absence_type_id.choices = [SelectChoice(str(one.id), type_label(one)) for one in types]
