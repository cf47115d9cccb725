"""Form fields for numbers: what was typed stays to be corrected, and the error says what to type instead."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, Field, IntegerField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput


def _typed(options: dict[str, Any], keys: str, wrong: LazyString) -> dict[str, Any]:
    """Text with the keys for numbers: a browser shows and sends nothing of letters in an input of type number."""
    shown = {
        "inputmode": keys,
        "autocomplete": "off",
        "data-number": True,
        **(options.pop("render_kw", None) or {}),
    }
    return {"invalid_value_message": wrong, "render_kw": shown, **options}


def _only_one_error(field: Field) -> None:
    """Whatever is no number is not also too small or too large; an empty field is left to what the form says of it."""
    typed = "".join(field.raw_data or ())
    left_to_it = (field.flags.required and not typed) or (field.flags.optional and not typed.strip())
    if field.process_errors and not left_to_it:
        raise StopValidation


class WholeNumberField(IntegerField):
    """An IntegerField for people."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        wrong = _l("Enter a whole number in digits, such as 5.")
        super().__init__(label, validators, **_typed(options, "numeric", wrong))

    def pre_validate(self, form: Any) -> None:
        _only_one_error(self)


class CommaDecimalField(DecimalField):
    """A DecimalField for people: it takes the decimal comma as well as the point."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        wrong = _l("Enter a number in digits, such as 7.5.")
        super().__init__(label, validators, **_typed(options, "decimal", wrong))

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.replace(",", ".") for value in valuelist])

    def pre_validate(self, form: Any) -> None:
        _only_one_error(self)
