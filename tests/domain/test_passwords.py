"""Length, spelling and names in passwords."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.passwords import accept, normalise
from portal.domain.refusals import Reason, Refusal

EVE = ("Acme", "eve.novotna@acme.example", "Eve", "Novotná")
SOUND = "kettle under blue moon"


def refused(password: str, *, sole_factor: bool = True) -> Reason | None:
    try:
        accept(password, sole_factor=sole_factor, context=EVE)
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize(
    ("length", "sole_factor", "reason"),
    [
        (14, True, Reason.PASSWORD_TOO_SHORT),
        (15, True, None),
        (7, False, Reason.PASSWORD_TOO_SHORT),
        (8, False, None),
        (128, True, None),
        (129, True, Reason.PASSWORD_TOO_LONG),
    ],
)
def test_length_is_what_counts(length, sole_factor, reason):
    assert refused(("xk q1!ž漢" * 20)[:length], sole_factor=sole_factor) is reason


def test_the_refusal_says_how_long_it_must_be():
    with pytest.raises(Refusal) as caught:
        accept("short", sole_factor=False)
    assert caught.value.details == {"minimum": 8}


@pytest.mark.parametrize(
    "password",
    [
        SOUND,
        "all lower case words",
        "               x               ",
        "8301 7265 9911 4402",
        "žluťoučký kůň pěl",
    ],
)
def test_no_kind_of_character_is_asked_for(password):
    assert accept(password, sole_factor=True, context=EVE) == password


def test_both_spellings_of_an_accented_letter_are_one_password():
    composed, decomposed = "příliš žluťoučký kůň", unicodedata.normalize("NFD", "příliš žluťoučký kůň")
    assert accept(decomposed, sole_factor=True) == accept(composed, sole_factor=True) == composed


@pytest.mark.parametrize(
    "password",
    [
        "acmeacmeacmeacme",
        "Acme-2026-Acme-01",
        "EveNovotná1998!!",
        "acme2026 acme2027",
        "eve.novotna.2026",
        "Novotna.Novotna.",
        "acme.example.eve",
    ],
)
def test_names_of_the_person_and_the_company_are_not_enough(password):
    assert refused(password) is Reason.PASSWORD_GUESSABLE


@pytest.mark.parametrize(
    "password", ["every evening at the lake", "acme sells good kettles", "eleven acmes 774120"]
)
def test_a_sentence_may_hold_a_name(password):
    assert refused(password) is None


def test_leaving_the_accents_out_of_a_name_hides_nothing():
    with pytest.raises(Refusal, match="password-guessable"):
        accept("CapCap.CapCap.Cap", sole_factor=True, context=["Čáp"])


def test_short_names_are_no_names_to_look_for():
    assert accept("alalalalalalalal", sole_factor=True, context=["Al"]) == "alalalalalalalal"


@given(st.text(max_size=200), st.booleans(), st.lists(st.text(max_size=20), max_size=4))
def test_a_password_is_accepted_whole_or_refused_with_a_reason(password, sole_factor, context):
    try:
        accepted = accept(password, sole_factor=sole_factor, context=context)
    except Refusal:
        return
    assert accepted == normalise(password) == normalise(accepted)
    assert (15 if sole_factor else 8) <= len(accepted) <= 128
