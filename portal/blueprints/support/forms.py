"""The form of asking for help. What may be asked is decided by the domain."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain import support
from portal.domain.permissions import Grants
from portal.domain.support import Area, SealedField
from portal.services.support_access import Wanted
from portal.web.support_words import AREAS, SEALED
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
LOOK, CHANGE = "look", "change"


class _ChecksField(SelectMultipleField):
    """Any of several, as boxes to tick. What is not offered is read all the same: the service refuses it."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AskForm(FlaskForm):
    """What to open, how far, for how long and why."""

    areas = _ChecksField(_l("What support may see"), validate_choice=False)
    sealed = _ChecksField(_l("Protected values"), validate_choice=False)
    mode = RadioField(_l("How far"), default=LOOK)
    hours = SelectField(_l("For how long"), coerce=int, default=support.DEFAULT_HOURS)
    reason = TextAreaField(
        _l("What is it about?"),
        validators=[InputRequired(_MISSING), Length(max=support.LONGEST_REASON)],
    )
    ticket = StringField(
        _l("Number of your ticket"), filters=[one_line], validators=[Length(max=support.LONGEST_TICKET)]
    )

    def offer(self, own: Grants) -> None:
        self.areas.choices = [SelectChoice(one.value, str(AREAS[one])) for one in support.offered(own)]
        self.sealed.choices = [
            SelectChoice(one.value, str(SEALED[one])) for one in support.offered_sealed(own)
        ]
        self.mode.choices = [
            SelectChoice(LOOK, _("Look only")),
            SelectChoice(CHANGE, _("Look, correct balances and rosters, and change settings")),
        ]
        self.hours.choices = [
            SelectChoice(hours, ngettext("%(num)s hour", "%(num)s hours", hours)) for hours in support.HOURS
        ]

    def wanted(self) -> Wanted:
        known_areas, known_sealed = set(Area), set(SealedField)
        return Wanted(
            areas=tuple(Area(one) for one in self.areas.data or () if one in known_areas),
            sealed=tuple(SealedField(one) for one in self.sealed.data or () if one in known_sealed),
            writes=self.mode.data == CHANGE,
            hours=self.hours.data,
            reason=(self.reason.data or "").strip(),
            ticket=self.ticket.data or "",
        )
