"""The one field of the domains page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.web.text_filters import one_line


class DomainForm(FlaskForm):
    """A domain as people write it; domain/email_domains.py says what is accepted."""

    domain = StringField(_l("Domain"), filters=[one_line], validators=[InputRequired(), Length(max=254)])
