"""The list of one's own sessions, and ending them."""

from __future__ import annotations

import re

import pytest

from portal.services import own_sessions
from tests.factories.people import PASSWORD

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def elsewhere(client, cast):
    """Another browser of Eve's."""
    other = client.application.test_client()
    other.staffroom = client.staffroom
    data = {"email": cast.eve.email, "password": PASSWORD}
    other.send("/c/acme/sign-in", data, headers={"User-Agent": CHROME})
    client.sign_in(cast.eve)
    return other


def test_both_browsers_are_listed_and_this_one_is_marked(client, cast, elsewhere):
    page = client.page("sessions")
    assert page.count("This browser") == 1
    assert "Chrome on Windows" in page


def test_another_browser_is_signed_out(client, cast, elsewhere):
    [action] = re.findall(r'action="(/c/acme/sessions/[0-9a-f-]{36}/end)"', client.page("sessions"))
    assert client.send(action).status_code == 303
    assert elsewhere.get("/c/acme/sessions").status_code == 303
    assert client.get("/c/acme/sessions").status_code == 200


def test_the_others_are_signed_out(client, cast, elsewhere):
    client.send("sessions/others/end")
    assert elsewhere.get("/c/acme/sessions").status_code == 303
    assert "1 other browser is signed out" in client.page("sessions")


def test_everywhere_means_here_too(client, cast, elsewhere):
    answer = client.send("sessions/end")
    assert answer.headers["Location"] == "/c/acme/sign-in"
    assert elsewhere.get("/c/acme/sessions").status_code == 303
    assert client.get("/c/acme/sessions").status_code == 303


def test_nobody_ends_a_session_of_somebody_else(client, cast, as_, elsewhere):
    """T99: the id of Eve's session in Mats's hands ends nothing, and the answer does not tell."""
    with as_(cast.eve) as uow:
        eves = own_sessions.list_live(uow)[0].id
    client.sign_in(cast.mats)
    assert client.send(f"sessions/{eves}/end").status_code == 303
    assert elsewhere.get("/c/acme/sessions").status_code == 200


def test_failed_tries_of_strangers_are_shown_to_the_owner(client, cast):
    client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": "guess"})
    client.sign_in(cast.eve)
    assert "Wrong" in client.page("sessions")
    client.sign_in(cast.mats)
    assert "Wrong" not in client.page("sessions")


def test_what_a_browser_calls_itself_is_only_text(client, cast):
    """T122."""
    hostile = {"User-Agent": '<script>alert(1)</script>" onload="x'}
    client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD}, headers=hostile)
    client.sign_in(cast.eve)
    assert "<script>alert" not in client.page("sessions")


def test_few_statements_however_many_sessions(client, cast, as_, statements):
    client.sign_in(cast.eve)
    client.get("/c/acme/sessions")
    statements.clear()
    client.page("sessions")
    few = len(statements)
    for _ in range(5):
        client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    client.get("/c/acme/sessions")
    statements.clear()
    client.get("/c/acme/sessions")
    assert len(statements) == few <= 8
