"""The forms of a company's own fields: one that defines a field, and one made of them for a person's values."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.domain import custom_fields as kinds
from portal.domain.custom_fields import Field, FieldGroup, FieldKind, Retention
from portal.domain.people_import import ImportProblem
from portal.services.custom_fields import FieldFacts
from portal.services.custom_values import Editable
from portal.web.field_words import GROUPS, KINDS, RETENTION, WHO_SEES
from portal.web.import_words import PROBLEMS
from portal.web.number_fields import WholeNumberField
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class FieldForm(FlaskForm):
    """What a field is called, what it holds, who sees it and for how long."""

    name = StringField(
        _l("Name of the field"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=kinds.LONGEST_NAME)],
    )
    kind = SelectField(_l("Kind"), choices=[SelectChoice(one.value, label) for one, label in KINDS.items()])
    choices = TextAreaField(_l("Choices, one on each line"), validators=[Optional(), Length(max=6000)])
    group = RadioField(_l("Who sees and edits it"), default=FieldGroup.PRIVATE.value)
    retention = SelectField(
        _l("Kept"), choices=[SelectChoice(one.value, label) for one, label in RETENTION.items()]
    )
    position = WholeNumberField(
        _l("Place in the order"), default=0, validators=[Optional(), NumberRange(min=0, max=999)]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.group.choices = [
            SelectChoice(one.value, f"{label}: {WHO_SEES[one]}") for one, label in GROUPS.items()
        ]

    def fill(self, facts: FieldFacts) -> None:
        self.name.data, self.kind.data, self.group.data = facts.name, facts.kind.value, facts.group.value
        self.retention.data, self.position.data = facts.retention.value, facts.position
        self.choices.data = "\n".join(facts.choices)

    def facts(self, kind: FieldKind | None = None) -> FieldFacts:
        """`kind` is that of a field that is there already: it never changes."""
        return FieldFacts(
            name=self.name.data or "",
            kind=kind or FieldKind(self.kind.data),
            group=FieldGroup(self.group.data),
            retention=Retention(self.retention.data),
            position=self.position.data or 0,
            choices=tuple((self.choices.data or "").splitlines()),
        )


def values_form(editable: Editable, *, sent: bool) -> FlaskForm:
    """A form with one input for each field that the person who is signed in may edit."""
    inputs: dict[str, Any] = {"seen": HiddenField()}
    inputs |= {_name(field.id): _input(field) for field in editable.fields}
    form: FlaskForm = type("ValuesForm", (FlaskForm,), inputs)(**({} if sent else {"formdata": None}))
    if not sent:
        form["seen"].data = editable.seen
        for field in editable.fields:
            form[_name(field.id)].process_data(editable.values.get(field.id, ""))
    return form


def check_values(form: FlaskForm, editable: Editable) -> bool:
    """Each value against its field's kind; what is wrong stands at its input."""
    good = form.validate()
    for field in editable.fields:
        own = form[_name(field.id)]
        try:
            kinds.read(field.kind, field.choices, own.data or "")
        except kinds.ValueRefused as refused:
            own.errors = [*own.errors, PROBLEMS[ImportProblem(refused.problem.value)]]
            good = False
    return good


def typed_values(form: FlaskForm, editable: Editable) -> dict[UUID, str]:
    return {field.id: form[_name(field.id)].data or "" for field in editable.fields}


def _name(field_id: UUID) -> str:
    return f"field_{field_id.hex}"


def _input(field: Field) -> Any:
    """Dates and numbers are read as text here and checked by the domain, as the import checks them."""
    match field.kind:
        case FieldKind.LONG_TEXT:
            return TextAreaField(field.name)
        case FieldKind.DATE:
            return _DayField(field.name)
        case FieldKind.CHOICE:
            return SelectField(
                field.name,
                choices=[SelectChoice("", "–"), *(SelectChoice(one, one) for one in field.choices)],
                validate_choice=False,
            )
        case FieldKind.YES_NO:
            return SelectField(
                field.name,
                choices=[
                    SelectChoice("", "–"),
                    SelectChoice("yes", _("yes")),
                    SelectChoice("no", _("no")),
                ],
                validate_choice=False,
            )
    return StringField(field.name)


class _DayField(StringField):
    """A date picker whose text is judged by the domain."""

    widget = DateField.widget
