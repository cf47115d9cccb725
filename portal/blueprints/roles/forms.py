"""The forms of a role: its name with a choice for every permission, its end, and a look as it sees the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from portal.domain.permissions import Grants, Permission, Reach
from portal.domain.role_contents import LONGEST_NAME, offered
from portal.web.permission_words import PERMISSIONS, reach_label
from portal.web.role_words import built_in_names
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class _ReachField(SelectField):
    """Not allowed, or how far. What is not offered is read all the same: the service refuses it, on record."""

    def __init__(self, permission: Permission, **options: Any) -> None:
        super().__init__(PERMISSIONS[permission], validate_choice=False, choices=[], **options)
        self.permission = permission

    def pre_validate(self, _form: Any) -> None:
        if self.data and self.data not in set(Reach):
            raise ValidationError(_("Choose one of the list."))


class _RoleForm(FlaskForm):
    name = StringField(
        _l("Name of the role"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=LONGEST_NAME)],
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def validate_name(self, field: StringField) -> None:
        if (field.data or "").casefold() in built_in_names():
            raise ValidationError(_("This is the name of a built-in role. Choose a different one."))

    def offer(self, own: Grants) -> None:
        """Only what the person holds themselves can be chosen (T90)."""
        for permission in Permission:
            field = self.field_of(permission)
            field.choices = [
                SelectChoice("", _("Not allowed")),
                *(SelectChoice(one.value, reach_label(permission, one)) for one in offered(permission, own)),
            ]

    def fill(self, name: str, contents: Grants, version: int = 0) -> None:
        self.name.data, self.version.data = name, version
        for permission in Permission:
            self.field_of(permission).data = contents[permission].value if permission in contents else ""

    def field_of(self, permission: Permission) -> SelectField:
        return self[permission.name.lower()]

    def is_offered(self, permission: Permission) -> bool:
        return len(list(self.field_of(permission).choices or ())) > 1

    def contents(self) -> dict[Permission, Reach]:
        chosen = {permission: self.field_of(permission).data for permission in Permission}
        return {permission: Reach(value) for permission, value in chosen.items() if value}


if TYPE_CHECKING:
    RoleForm = _RoleForm
else:
    RoleForm = type(
        "RoleForm", (_RoleForm,), {one.name.lower(): _ReachField(one, default="") for one in Permission}
    )


class DeletionForm(FlaskForm):
    """Which role its holders get instead."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    move_to = SelectField(_l("Its holders get instead"))

    def offer(self, targets: list[tuple[str, str]]) -> None:
        self.move_to.choices = [
            SelectChoice("", _("Choose a role")),
            *(SelectChoice(*target) for target in targets),
        ]


class ViewingForm(FlaskForm):
    """From where one looks: empty is one's own place."""

    email = StringField(_l("From the place of"), filters=[one_line], validators=[Length(max=254)])


class QuestionForm(FlaskForm):
    """What is asked about a person; it is in the address, so it carries no token."""

    class Meta:
        csrf = False

    permission = SelectField(_l("May they …"))
    colleague = StringField(_l("for this colleague (work e-mail)"), filters=[one_line])
    sent = HiddenField()

    def offer(self, choices: list[tuple[str, list[tuple[str, str]]]]) -> None:
        self.permission.choices = {
            area: [SelectChoice(*one) for one in permissions] for area, permissions in choices
        }
