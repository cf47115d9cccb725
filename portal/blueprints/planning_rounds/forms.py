"""The form of a new round, and what is decided by hand on its sheet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.planning_rounds import LONGEST_NAME, Outcome, TieBreak
from portal.services.planning_rounds.rounds import NewRound
from portal.web.once_form import OnceForm
from portal.web.planning_words import OUTCOMES, TIE_BREAKS
from portal.web.text_filters import one_line

_NO_DATE = _l("Please choose a date.")
GRANT, REFUSE = "grant", "refuse"


class RoundForm(OnceForm):
    """For whom, which days, until when people plan, and how it is decided."""

    name = StringField(
        _l("Name of the round"),
        filters=[one_line],
        validators=[InputRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
    )
    team = SelectField(_l("Team"))
    site = SelectField(_l("Site"))
    start_date = DateField(_l("First day"), validators=[InputRequired(_NO_DATE)])
    end_date = DateField(_l("Last day"), validators=[InputRequired(_NO_DATE)])
    deadline = DateField(_l("People plan until"), validators=[InputRequired(_NO_DATE)])
    tie_break = RadioField(
        _l("Between wishes that matter as much, of people who have won as often"),
        choices=[SelectChoice(one, words) for one, words in TIE_BREAKS.items()],
        default=TieBreak.ROTATION,
    )
    outcome = RadioField(
        _l("What is granted becomes"),
        choices=[SelectChoice(one, words) for one, words in OUTCOMES.items()],
        default=Outcome.ABSENCES,
    )

    def offer(self, teams: list[tuple[UUID, str]], sites: list[tuple[UUID, str]]) -> None:
        self.team.choices = [SelectChoice("", _("All teams"))]
        self.team.choices += [SelectChoice(str(one), name) for one, name in teams]
        self.site.choices = [SelectChoice("", _("All sites"))]
        self.site.choices += [SelectChoice(str(one), name) for one, name in sites]

    def new_round(self) -> NewRound:
        return NewRound(
            self.name.data or "",
            self.start_date.data,
            self.end_date.data,
            self.deadline.data,
            TieBreak(self.tie_break.data),
            Outcome(self.outcome.data),
            UUID(self.team.data) if self.team.data else None,
            UUID(self.site.data) if self.site.data else None,
        )


class StepForm(FlaskForm):
    """A step of a round; when it is published, what the page has shown."""

    seen = HiddenField()


def choices_in(sent: Iterable[tuple[str, str]]) -> dict[UUID, bool | None]:
    """What the sheet says about each wish: granted, refused, or as proposed. Anything else is left out."""
    found: dict[UUID, bool | None] = {}
    for name, value in sent:
        if not name.startswith("choice-"):
            continue
        try:
            wish_id = UUID(name.removeprefix("choice-"))
        except ValueError:
            continue
        found[wish_id] = {GRANT: True, REFUSE: False}.get(value)
    return found
