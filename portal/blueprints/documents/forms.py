"""Forms about documents. The hidden id makes a double click the same request."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID, DataRequired, InputRequired, Length, Optional

from portal.services.documents import LONGEST_DESCRIPTION, LONGEST_TITLE


class UploadForm(FlaskForm):
    document_id = HiddenField(validators=[UUID()])
    title = StringField(
        _l("Title"), validators=[DataRequired(_l("Give the document a title.")), Length(max=LONGEST_TITLE)]
    )
    description = TextAreaField(
        _l("What it is about"), validators=[Optional(), Length(max=LONGEST_DESCRIPTION)]
    )
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class VersionForm(FlaskForm):
    seen = IntegerField(validators=[InputRequired()])
    file = FileField(_l("New version"), validators=[FileRequired(_l("Choose a file."))])


class DistributeForm(FlaskForm):
    distribution_id = HiddenField(validators=[UUID()])
    team = SelectField(_l("To whom"))
    due_date = DateField(_l("Confirm by"), validators=[Optional()])


class ConfirmForm(FlaskForm):
    confirmed = BooleanField(validators=[DataRequired(_l("Tick the box to confirm."))])
