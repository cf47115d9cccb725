"""The forms of sickness. They ask for dates, and never for what somebody suffers from."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired

from portal.domain.periods import Part
from portal.services.absence_wishes import Wish
from portal.web.once_form import OnceForm

_NO_DATE = _l("Please choose a date.")


class ReportForm(OnceForm):
    """From when, and until when as far as one knows."""

    absence_type_id = SelectField(_l("Type"))
    start_date = DateField(_l("Ill since"), validators=[InputRequired(_NO_DATE)])
    from_noon = BooleanField(_l("On the first day only from noon on"))
    end_date = DateField(_l("Expected through"), validators=[InputRequired(_NO_DATE)])

    def wish(self) -> Wish:
        return Wish(
            absence_type_id=UUID(self.absence_type_id.data),
            start_date=self.start_date.data,
            end_date=self.end_date.data,
            first_part=Part.PM if self.from_noon.data else Part.FULL,
        )


class ProofForm(OnceForm):
    """A file; its key becomes its id."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class VersionForm(FlaskForm):
    """A step: the version that it was made for."""

    version = IntegerField(validators=[InputRequired()])


class LastDayForm(VersionForm):
    """A new last day, later or sooner."""

    end_date = DateField(_l("New last day"), validators=[InputRequired(_NO_DATE)])
