"""The one field of the start page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.web.text_filters import one_line


class CompanyForm(FlaskForm):
    """A company's short name, or an e-mail whose domain the company has shown to be its own."""

    company = StringField(
        _l("Company's short name or work e-mail"),
        filters=[one_line],
        validators=[
            InputRequired(_l("Type the short name of your company or your work e-mail.")),
            Length(max=254),
        ],
    )
