"""The form of a change of many people: who is chosen comes along in hidden fields, what they get is typed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.blueprints.people.fields import HoursField
from portal.blueprints.people.week_forms import MOST_WEEKLY_MINUTES, WeeksForm
from portal.domain.people_changes import DATED, ROLE_KINDS, TEAM_KINDS, ChangeKind
from portal.services.directory import Choices
from portal.services.people_changes import Asked
from portal.services.roles import RoleLine
from portal.web.import_words import YES_OR_NO
from portal.web.role_words import role_label
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class ManyForm(WeeksForm):
    """Each kind of change shows and reads its own of the fields."""

    kind = HiddenField()
    team_id = SelectField(_l("Team"), validate_choice=False)
    site_id = SelectField(_l("Site"), validate_choice=False)
    role_id = SelectField(_l("Role"), validate_choice=False)
    manager_email = StringField(
        _l("Line manager's work e-mail"), filters=[one_line], validators=[Length(max=254)]
    )
    weekly_hours = HoursField(
        _l("Weekly hours"),
        most_minutes=MOST_WEEKLY_MINUTES,
        zero=False,
        validators=[InputRequired(_MISSING)],
    )
    by_roster = SelectField(
        _l("Works by the roster"), choices=[SelectChoice(*one) for one in YES_OR_NO.items()], default="yes"
    )
    from_day = DateField(_l("From"), validators=[InputRequired(_MISSING)])
    last_day = DateField(_l("Last day"), validators=[InputRequired(_MISSING)])

    def offer(self, choices: Choices, roles: Sequence[RoleLine]) -> None:
        self.team_id.choices = [SelectChoice(str(one), name) for one, name in choices.teams]
        self.site_id.choices = [
            SelectChoice("", _("None")),
            *(SelectChoice(str(one), name) for one, name in choices.sites),
        ]
        self.role_id.choices = [
            SelectChoice(str(one.id), role_label(one.key, one.name)) for one in roles if one.changeable
        ]

    def shown(self, kind: ChangeKind) -> list[Field]:
        """The fields of this kind, in their order; the days of a week stand together below."""
        names = {
            **{one: ["team_id"] for one in TEAM_KINDS},
            **{one: ["role_id"] for one in ROLE_KINDS},
            ChangeKind.SITE: ["site_id"],
            ChangeKind.MANAGER: ["manager_email"],
            ChangeKind.HOURS: ["weekly_hours"],
            ChangeKind.ROSTER: ["by_roster"],
            ChangeKind.LEAVE: ["last_day"],
        }.get(kind, [])
        return [self[name] for name in [*names, *(["from_day"] if kind in DATED else [])]]

    def days(self, kind: ChangeKind) -> list[Field]:
        """Of all weeks, and on which Monday the first one begins."""
        if kind is not ChangeKind.PATTERN:
            return []
        begins = [self.cycle_begins] if self.count > 1 else []
        which = [self.agreed_days] if self.count == 1 else []
        return [*(field for week in self.weeks for field in week), *which, *begins]

    def reads(self, kind: ChangeKind) -> bool:
        """Only what this kind shows is looked at; a week without a single hour is none."""
        fields = [*self.shown(kind), *self.days(kind)]
        wrong = [field for field in fields if not field.validate(self)]  # each says what is wrong with it
        good = not wrong
        if kind is not ChangeKind.PATTERN or not good:
            return good
        if not any(self.scheduled_days()):
            self.monday.errors = [_("Fill in at least one day.")]
            return False
        return self.weeks_agree() and self.days_suffice(self.fixed_weeks().possible_days)

    def asked(self, kind: ChangeKind) -> Asked:
        pattern = self.scheduled_days() if kind is ChangeKind.PATTERN else None
        dated = kind in DATED
        return Asked(
            kind=kind,
            team_id=_id(self.team_id.data) if kind in TEAM_KINDS else None,
            site_id=_id(self.site_id.data) if kind is ChangeKind.SITE else None,
            role_id=_id(self.role_id.data) if kind in ROLE_KINDS else None,
            manager_email=(self.manager_email.data or "") if kind is ChangeKind.MANAGER else "",
            weekly_minutes=self.weekly_hours.data if kind is ChangeKind.HOURS else None,
            pattern=pattern,
            cycle_begins=self.cycle_begins.data if pattern and self.count > 1 else None,
            agreed_days=self.flexible_days if pattern else None,
            by_roster=self.by_roster.data == "yes" if kind is ChangeKind.ROSTER else None,
            from_day=self.from_day.data if dated else None,
            last_day=self.last_day.data if kind is ChangeKind.LEAVE else None,
        )

    def typed(self, kind: ChangeKind) -> list[tuple[str, str]]:
        """What was typed, for the hidden fields of the preview."""
        return [
            (field.name, field._value()) if hasattr(field, "_value") else (field.name, field.data or "")
            for field in [*self.shown(kind), *self.days(kind), self.week_count]
        ]


def kind_of(given: MultiDict[str, str]) -> ChangeKind | None:
    try:
        return ChangeKind(given.get("kind", ""))
    except ValueError:
        return None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
