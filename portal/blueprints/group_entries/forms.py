"""Whom an absence is entered for: a team, a site, a list of addresses, or all whom one may reach."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.services.group_entries.people import Chosen
from portal.web.group_forms import GroupForm

_LONGEST_LIST = 400_000


class EntryForm(GroupForm):
    team = SelectField(_l("Team"))
    site = SelectField(_l("Site"))
    emails = TextAreaField(_l("Only these e-mail addresses"), validators=[Length(max=_LONGEST_LIST)])
    beside_others = BooleanField(
        _l("Where people have an absence already, keep it and enter only the rest"), default=False
    )

    #: Whoever enters it has looked at the days that break a rule of staffing.
    breaches_seen = BooleanField(_l("I have seen the days with too few people; the note says why"))

    def offer_people(self, teams: list[tuple[UUID, str]], sites: list[tuple[UUID, str]]) -> None:
        self.team.choices = [SelectChoice("", _("All teams"))]
        self.team.choices += [SelectChoice(str(one), name) for one, name in teams]
        self.site.choices = [SelectChoice("", _("All sites"))]
        self.site.choices += [SelectChoice(str(one), name) for one, name in sites]

    def chosen(self) -> Chosen:
        listed = (self.emails.data or "").replace(",", " ").replace(";", " ").split()
        return Chosen(
            UUID(self.team.data) if self.team.data else None,
            UUID(self.site.data) if self.site.data else None,
            tuple(dict.fromkeys(one.lower() for one in listed)),
        )
