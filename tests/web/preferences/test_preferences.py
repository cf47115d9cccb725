"""Choosing look and language."""

from __future__ import annotations

import pytest


def test_a_language_is_kept_without_signing_in(client):
    answer = client.send("/preferences", {"language": "cs", "next": "/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert '<html lang="cs"' in client.page("/")


def test_a_language_is_kept_with_the_person(client, cast):
    client.sign_in(cast.eve)
    client.send("preferences", {"language": "de", "next": "/c/acme/sessions"})
    client.sign_in(cast.eve)
    assert '<html lang="de"' in client.page("sessions")


def test_a_look_is_kept_and_given_up(client):
    client.send("/preferences", {"theme": "dark", "next": "/"})
    assert 'data-bs-theme="dark"' in client.page("/")
    client.send("/preferences", {"theme": "system", "next": "/"})
    assert "data-bs-theme" not in client.page("/")


@pytest.mark.parametrize(
    "asked", ["https://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "", "x"]
)
def test_it_leads_back_here_and_nowhere_else(client, asked):
    """T48."""
    assert client.send("/preferences", {"theme": "dark", "next": asked}).headers["Location"] == "/"


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"theme": "pink"}, {"language": "cs\r\nX: y"}])
def test_what_is_not_offered_is_not_kept(client, wrong):
    answer = client.send("/preferences", wrong)
    assert answer.status_code == 303
    assert not [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(("theme", "language"))]


def test_it_needs_the_form_token(client):
    """T121."""
    assert client.post("/preferences", data={"language": "cs"}).status_code == 403
