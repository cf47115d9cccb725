"""A form that waits is read aloud in the words of its own page: labels, options, ticks, and no secrets."""

from __future__ import annotations

import pytest

from portal.web.form_words import entries

PAGE = """<main>
  <form action="/c/acme/other"><label for="x">Other</label><input id="x" name="name"></form>
  <form method="post" action="/c/acme/things">
    <input type="hidden" name="version" value="3">
    <label for="name">Name <span class="optional">optional</span></label><input id="name" name="name">
    <label for="day">From</label><input type="date" id="day" name="day">
    <label for="word">Password</label><input type="password" id="word" name="word">
    <label for="note">Note</label><textarea id="note" name="note"></textarea>
    <label for="who">Who</label><select id="who" name="who">
      <option value="7">Eve Malá</option><option>Otto</option></select>
    <input type="checkbox" id="tell" name="tell" value="y"><label for="tell">Tell everybody</label>
    <fieldset><legend>When</legend>
      <input type="radio" id="r1" name="when" value="now"><label for="r1">At once</label>
      <input type="radio" id="r2" name="when" value="then"><label for="r2">Later</label>
    </fieldset>
    <fieldset><legend>Where</legend>
      <label><input type="checkbox" name="where" value="a">Prague</label>
      <label><input type="checkbox" name="where" value="b">Brno</label>
    </fieldset>
    <input name="unnamed"><input aria-label="Hours" name="hours"><button name="step" value="go">Go</button>
  </form></main>"""


@pytest.fixture(autouse=True)
def english(app):
    with app.test_request_context():
        yield


def read(*fields: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    return {one.label: one.values for one in entries(PAGE, "/c/acme/things?x=1", fields)}


def test_each_value_has_the_words_of_the_form():
    said = read(
        ("hours", "8"), ("name", "Ana"), ("day", "2026-08-03"), ("note", "a\nb"), ("who", "7"), ("tell", "y"),
        ("when", "then"), ("where", "a"), ("where", "b"), ("version", "3"), ("word", "hush"), ("step", "go"),
        ("unnamed", "1"), ("elsewhere", "2"),
    )  # fmt: skip
    assert said == {
        "Name": ("Ana",),
        "From": ("Aug 3, 2026",),
        "Note": ("a\nb",),
        "Who": ("Eve Malá",),
        "Tell everybody": ("Yes",),
        "When": ("Later",),
        "Where": ("Prague", "Brno"),
        "Hours": ("8",),
    }
    assert list(said) == ["Name", "From", "Note", "Who", "Tell everybody", "When", "Where", "Hours"]


def test_what_was_left_empty_is_left_out_and_an_open_box_says_no():
    assert read(("name", " "), ("note", ""), ("who", "Otto")) == {"Who": ("Otto",), "Tell everybody": ("No",)}


def test_what_is_no_choice_any_more_is_shown_as_it_was_sent():
    assert read(("who", "9"), ("day", "tomorrow"), ("when", "never"))["Who"] == ("9",)
    assert read(("day", "tomorrow"))["From"] == ("tomorrow",)


def test_without_its_form_there_is_nothing_to_read():
    assert entries(PAGE, "/c/acme/gone", [("name", "Ana")]) == []
