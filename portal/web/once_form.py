"""A form whose key becomes the id of what it makes, so that sending it twice makes one thing."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import ValidationError


class OnceForm(FlaskForm):
    """What it makes has the key as its id."""

    key = HiddenField()

    def validate_key(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_l("This form is damaged. Reload the page.")) from None

    def give_key(self) -> None:
        """A fresh form gets a key; one that was sent keeps the key it came with."""
        self.key.data = self.key.data or str(uuid4())

    @property
    def once(self) -> UUID:
        return UUID(self.key.data)
