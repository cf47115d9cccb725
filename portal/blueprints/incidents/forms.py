"""The form of the contact for incidents."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from portal.web.text_filters import one_line


class ContactForm(FlaskForm):
    """Beside the admins; may stay empty."""

    security_contact = StringField(
        _l("E-mail for incidents"), filters=[one_line], validators=[Length(max=254)]
    )
