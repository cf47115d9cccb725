"""The forms of the provisioning page."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from portal.services.machine_tokens import LONGEST_NAME
from portal.web.text_filters import one_line


class TokenForm(FlaskForm):
    """A new token."""

    name = StringField(
        _l("Name of the token"), filters=[one_line], validators=[InputRequired(), Length(max=LONGEST_NAME)]
    )
    invites = BooleanField(_l("Send people who are new an invitation by mail"))


class RoleForm(FlaskForm):
    """The role of one group; empty for none. Which may be chosen is asked of the service."""

    role = StringField(_l("Role"))

    def chosen(self) -> UUID | None:
        """The role's id, None for none; ValueError for what no form of ours sends."""
        return UUID(self.role.data) if self.role.data else None
