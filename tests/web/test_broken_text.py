"""Text that no keyboard sends: the portal says so, and neither breaks nor fills its log."""

from __future__ import annotations

import pytest

NUL = "a\0b"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/c/acme/sign-in", "password"),
        ("/c/acme/sign-in", "after"),
        ("/", "company"),
        ("/c/acme/sign-in", "x"),
    ],
)
def test_a_zero_character_in_a_form_is_a_bad_request(client, cast, address, field):
    data = {"email": cast.eve.email, "password": "wrong", "company": "acme", field: NUL}
    assert client.send(address, data).status_code == 400


def test_a_zero_character_in_an_address_is_a_bad_request(client, cast):
    client.sign_in(cast.ana)
    assert client.get("/c/acme/people?search=a%00b").status_code == 400
    assert client.get("/c/acme/audit?action=a%00b").status_code == 400
    assert client.get("/c/a%00b/sign-in").status_code in {400, 404}


def test_a_zero_character_in_a_long_text_is_a_bad_request(client, cast):
    """The note of a wish is free text over many lines, which no filter cleans."""
    client.sign_in(cast.eve)
    assert client.send("absences/preview", {"note": NUL}).status_code == 400
