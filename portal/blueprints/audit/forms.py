"""The filter over the audit log; it only reads, so it travels in the address."""

from __future__ import annotations

from ipaddress import ip_address

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.web.text_filters import one_line


class FilterForm(FlaskForm):
    """Empty fields ask for everything."""

    person = StringField(_l("Person"), filters=[one_line], validators=[Length(max=100)])
    action = SelectField(_l("Action"), default="", validate_choice=False)
    first_day = DateField(_l("First day"), validators=[Optional()])
    last_day = DateField(_l("Last day"), validators=[Optional()])
    ip = StringField(_l("IP address"), filters=[one_line], validators=[Optional()])

    def validate_action(self, field: SelectField) -> None:
        known = {value for options in field.choices.values() for value, _label in options}
        if field.data and field.data not in known:
            raise ValidationError(_("There is no such action. Choose one from the list."))

    def validate_last_day(self, field: DateField) -> None:
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise ValidationError(_("The last day lies before the first. Swap or correct them."))

    def validate_ip(self, field: StringField) -> None:
        try:
            field.data = str(ip_address(field.data))
        except ValueError as wrong:
            raise ValidationError(_("This is not a whole IP address, such as 192.0.2.1.")) from wrong


class ExportForm(FlaskForm):
    """What the file is for; the filter travels beside it."""

    kind = RadioField(
        _l("For"),
        default="csv",
        choices=[
            SelectChoice("csv", _l("People: a table for spreadsheets (CSV)")),
            SelectChoice("xlsx", _l("People: an Excel workbook (XLSX)")),
            SelectChoice(
                "jsonl", _l("Auditors and machines: with all checksums, to be verified (JSON lines)")
            ),
        ],
    )


class TokenForm(FlaskForm):
    """A new token for the feed."""

    name = StringField(
        _l("Name of the token"),
        filters=[one_line],
        validators=[InputRequired(_l("Please fill this in.")), Length(max=60)],
    )
