"""Changing one's own password."""

from __future__ import annotations

from tests.factories.people import PASSWORD
from tests.fixtures.letters import subjects

NEW = "seven grey herons over Ostrava"


def change(client, current=PASSWORD, new=NEW, repeated=None):
    return client.send("password", {"current": current, "password": new, "repeated": repeated or new})


def test_the_page_is_whole(client, cast):
    client.sign_in(cast.eve)
    client.page("password")


def test_a_new_password_goes_on_here_and_ends_every_other_browser(client, cast, as_, enter):
    """ASVS 6.2.2, 7.4.3, T81: under a new session id."""
    other = client.application.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.eve)
    client.sign_in(cast.eve)
    before = client.get_cookie("__Host-sid", domain="localhost").value
    assert change(client).headers["Location"] == "/c/acme/sessions"
    assert client.get_cookie("__Host-sid", domain="localhost").value != before
    assert client.get("/c/acme/sessions").status_code == 200
    assert other.get("/c/acme/sessions").status_code == 303
    with as_(cast.ana) as uow:
        assert len(subjects(uow, cast.eve.email)) == 1
    client.sign_out()
    assert enter(cast.eve.email).status_code == 422
    assert enter(cast.eve.email, NEW).status_code == 303


def test_it_needs_the_current_one(client, cast, audited, enter):
    """ASVS 6.2.3: an open browser is not enough."""
    client.sign_in(cast.eve)
    assert change(client, current="guess").status_code == 422
    assert audited()[-1][1]["facts"] == {"reason": "wrong-password", "at": "step-up"}
    client.sign_out()
    assert enter(cast.eve.email).status_code == 303


def test_guessing_the_current_one_is_throttled(client, cast):
    client.sign_in(cast.eve)
    assert [change(client, current="guess").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_weak_new_one_changes_nothing(client, cast, enter):
    client.sign_in(cast.eve)
    assert change(client, new="short").status_code == 422
    client.sign_out()
    assert enter(cast.eve.email).status_code == 303


def test_nobody_changes_it_without_being_in(client, cast):
    assert (
        client.send("/c/acme/password", {"current": PASSWORD, "password": NEW, "repeated": NEW}).status_code
        == 303
    )
