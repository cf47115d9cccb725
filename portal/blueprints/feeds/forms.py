"""The form of a new calendar feed. Whether the choice is within reach, the service says."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.domain.feeds import FeedContent, FeedScope
from portal.services.feeds import LONGEST_NAME, Offer
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class FeedForm(FlaskForm):
    """Whose time, and what of it. `whose` is "own", "company" or the id of a team."""

    name = StringField(
        _l("Name of the feed"),
        filters=[one_line],
        validators=[InputRequired(_MISSING), Length(max=LONGEST_NAME)],
    )
    whose = SelectField(_l("Whose time"))
    absences = BooleanField(_l("Absences"), default=True)
    shifts = BooleanField(_l("Shifts"))
    holidays = BooleanField(_l("Public holidays"))
    busy_only = BooleanField(_l("Busy times only"))

    def offer(self, offered: Offer) -> None:
        """Gives the choices that the person has today."""
        self.whose.choices = [
            (FeedScope.OWN.value, _("My own time")),
            *((str(team_id), _("Team %(team)s", team=name)) for team_id, name in offered.teams),
            *([(FeedScope.COMPANY.value, _("Everybody in the company"))] if offered.company else []),
        ]

    def content(self) -> FeedContent:
        """Refuses a choice that shows nothing, or too much."""
        chosen = str(self.whose.data)
        team = chosen not in {FeedScope.OWN, FeedScope.COMPANY}
        return FeedContent(
            scope=FeedScope.TEAM if team else FeedScope(chosen),
            team_id=UUID(chosen) if team else None,
            absences=bool(self.absences.data),
            shifts=bool(self.shifts.data),
            holidays=bool(self.holidays.data),
            busy_only=bool(self.busy_only.data),
        )
