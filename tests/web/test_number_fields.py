"""Numbers as people type them: what is none stays in the field, under one sentence that says what to type."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.web.number_fields import CommaDecimalField, WholeNumberField

PORTAL = Path(__file__).parents[2] / "portal"
WHOLE = "Enter a whole number in digits, such as 5."
DECIMAL = "Enter a number in digits, such as 7.5."


class Numbers(Form):
    needed = WholeNumberField("Needed", validators=[InputRequired("Missing."), NumberRange(1, 9)])
    free = WholeNumberField("Free", validators=[Optional(), NumberRange(1, 9)])
    bare = WholeNumberField("Bare", validators=[NumberRange(1, 9)])
    hours = CommaDecimalField("Hours", places=None, validators=[Optional(), NumberRange(1, 9)])


@pytest.fixture(autouse=True)
def english(app):
    with app.test_request_context():
        yield


def sent(**typed: str) -> Numbers:
    form = Numbers(MultiDict({"needed": "1", "bare": "1", **typed}))
    form.validate()
    return form


def said(form: Numbers) -> dict[str, list[str]]:
    return {name: [str(one) for one in errors] for name, errors in form.errors.items()}


@pytest.mark.parametrize("typed", ["five", "5 days", "2.5", "9" * 5000])
def test_what_is_no_whole_number_stays_and_is_told_once(typed):
    form = sent(needed=typed, free=typed, bare=typed)
    assert said(form) == {"needed": [WHOLE], "free": [WHOLE], "bare": [WHOLE]}
    for field in (form.needed, form.free, form.bare):
        drawn = str(field())
        assert f'value="{typed}"' in drawn
        assert 'type="text"' in drawn
        assert 'inputmode="numeric"' in drawn


def test_hours_take_the_comma_and_what_is_none_stays():
    assert sent(hours="7,5").hours.data == sent(hours="7.5").hours.data != 7
    form = sent(hours="half")
    assert said(form) == {"hours": [DECIMAL]}
    assert 'value="half"' in str(form.hours())
    assert 'type="text"' in str(form.hours())


def test_an_empty_field_and_a_number_out_of_range_are_told_as_ever():
    assert said(sent(needed="", free=" ", bare="", hours=" ")) == {"needed": ["Missing."], "bare": [WHOLE]}
    assert said(sent(needed=" ")) == {"needed": [WHOLE]}
    assert said(sent(needed="10")) == {"needed": ["Number must be between 1 and 9."]}
    assert sent(needed=" 7 ").needed.data == 7


def test_every_number_that_people_type_is_such_a_field():
    """The library's own fields are for what a form carries unseen, which has no label."""
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "IntegerField",
                "DecimalField",
            ):
                assert not node.args and "label" not in {one.arg for one in node.keywords}, (
                    f"{path}:{node.lineno}"
                )
