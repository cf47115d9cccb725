"""The form of a licence file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class LicenceFileForm(FlaskForm):
    """The file just as its issuer sent it."""

    file = FileField(_l("Licence file"), validators=[FileRequired(_l("Choose a file."))])
