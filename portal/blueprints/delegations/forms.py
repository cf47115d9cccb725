"""The form of a delegation. Whether it makes sense, the rule says."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.domain.delegations import LONGEST_REASON
from portal.services.approvals.delegations import NewDelegation
from portal.services.balances import TypeFacts
from portal.web.absence_words import type_label
from portal.web.number_fields import WholeNumberField
from portal.web.text_filters import one_line

_NO_DATE = _l("Please choose a date.")


class DelegationForm(FlaskForm):
    """Who, when, and of which type."""

    deputy = StringField(
        _l("Deputy's work e-mail"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=254)],
    )
    start_date = DateField(_l("First day"), validators=[InputRequired(_NO_DATE)])
    end_date = DateField(_l("Last day"), validators=[InputRequired(_NO_DATE)])
    kind = SelectField(_l("Type of absence"))
    team = SelectField(_l("People of the team"), default="")
    most_days = WholeNumberField(_l("At most so many days"), validators=[Optional()])
    reason = StringField(_l("Reason"), filters=[one_line], validators=[Length(max=LONGEST_REASON)])

    def offer(self, kinds: list[TypeFacts], teams: list[tuple[UUID, str]]) -> None:
        """Gives the types and the teams of the company."""
        everybody = SelectChoice("", _("All people"))
        self.team.choices = [everybody, *(SelectChoice(str(team_id), name) for team_id, name in teams)]
        choices = [SelectChoice("", _("All types"))]
        self.kind.choices = choices + [SelectChoice(str(one.id), type_label(one)) for one in kinds]

    def delegation(self) -> NewDelegation:
        return NewDelegation(
            deputy_email=self.deputy.data or "",
            start_date=self.start_date.data,
            end_date=self.end_date.data,
            absence_type_id=UUID(self.kind.data) if self.kind.data else None,
            reason=self.reason.data or "",
            team_id=UUID(self.team.data) if self.team.data else None,
            most_days=self.most_days.data,
        )
