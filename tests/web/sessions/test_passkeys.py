"""Passkeys: added, named, used at the sign-in and removed by their owner; forged and foreign ones are refused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.models import Passkey
from tests.factories.passkeys import SoftKey
from tests.factories.people import PASSWORD
from tests.factories.sign_in import ask_for_codes, bind_phone, set_up_app
from tests.fixtures.letters import latest

PAGE = "/c/acme/sign-in/passkey"


@pytest.fixture
def eve(client, cast):
    return client.sign_in(cast.eve)


def passkey_id(as_, cast) -> str:
    with as_(cast.eve) as uow:
        return str(uow.session.scalars(select(Passkey.id)).one())


def enter(client, cast):
    client.sign_out()
    return client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})


def challenge(client) -> dict:
    return client.send(f"{PAGE}/challenges").get_json()


def test_a_passkey_is_added_and_leads_in(eve, cast, as_, add_passkey, actions):
    """ASVS 6.3.7: and its owner is told."""
    eve.page("second-factors/passkeys/new")
    key, answer = add_passkey("Laptop")
    assert answer.status_code == 200
    assert answer.text.count("<li><code>") == 10, "the first factor brings recovery codes"
    assert "passkey.added" in [action for action, _ in actions()]
    with as_(cast.ana) as uow:
        assert "recovery codes" in latest(uow, cast.eve.email).text
        assert uow.session.scalars(select(Passkey.transports)).one() == ["usb"]
    assert enter(eve, cast).headers["Location"] == PAGE
    eve.page(PAGE)
    assert eve.get("/c/acme/").headers["Location"] == PAGE
    answer = eve.send(PAGE, {"answer": key.sign(challenge(eve)), "after": "/c/acme/sessions"})
    assert answer.headers["Location"] == "/c/acme/sessions"
    assert "last used" in eve.page("/c/acme/sessions")


def test_a_second_passkey_brings_no_new_recovery_codes(eve, add_passkey):
    add_passkey("Laptop")
    _, answer = add_passkey("Phone")
    assert answer.headers["Location"] == "/c/acme/sessions"
    page = eve.page("sessions")
    assert "Laptop" in page
    assert "Phone" in page


def test_a_challenge_is_good_once(eve, cast, add_passkey):
    """Replay of a whole answer, in the same and in another sign-in."""
    key, _ = add_passkey()
    enter(eve, cast)
    signed = key.sign(challenge(eve))
    assert eve.send(PAGE, {"answer": signed}).status_code == 303
    enter(eve, cast)
    assert eve.send(PAGE, {"answer": signed}).status_code == 422
    challenge(eve)
    assert eve.send(PAGE, {"answer": signed}).status_code == 422
    assert eve.get("/c/acme/").headers["Location"] == PAGE


def test_a_challenge_is_of_one_browser(eve, cast, client, add_passkey):
    key, _ = add_passkey()
    other = client.application.test_client()
    other.staffroom = client.staffroom
    enter(other, cast)
    options = other.send(f"{PAGE}/challenges").get_json()
    enter(eve, cast)
    challenge(eve)
    assert eve.send(PAGE, {"answer": key.sign(options)}).status_code == 422


def test_a_challenge_grows_old(eve, cast, add_passkey, clock):
    key, _ = add_passkey()
    enter(eve, cast)
    options = challenge(eve)
    clock.advance(timedelta(minutes=5))
    assert eve.send(PAGE, {"answer": key.sign(options)}).status_code == 422


@pytest.mark.parametrize(
    "forgery",
    [
        "other key",
        "other origin",
        "other site",
        "counter back",
        "made for adding",
        "other type",
        "swapped id",
    ],
)
def test_what_is_not_signed_by_the_passkey_for_us_opens_nothing(eve, cast, add_passkey, forgery):
    key, _ = add_passkey()
    enter(eve, cast)
    options = challenge(eve)
    stranger = SoftKey()
    if forgery == "other key":
        stranger.id = key.id
        signed = stranger.sign(options)
    elif forgery == "other origin":
        signed = key.sign(options, origin="https://evil.example")
    elif forgery == "other site":
        key.site = "evil.example"
        signed = key.sign(options)
    elif forgery == "counter back":
        key.counter = 0
        signed = key.sign(options)
    elif forgery == "made for adding":
        signed = key.register(options)
    elif forgery == "other type":
        signed = key.sign(options, type="password")
    else:
        signed = key.sign(options, id=json.loads(stranger.sign(options))["id"])
    assert eve.send(PAGE, {"answer": signed}).status_code == 422
    assert eve.get("/c/acme/").headers["Location"] == PAGE


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "{", '{"id": 5}', '{"id": "AAAA", "response": 7}', "[" * 3000, "x" * 30_000,
     '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"!","authenticatorData":"","signature":""}}'],
)  # fmt: skip
def test_nonsense_is_refused_and_never_breaks_the_page(eve, cast, add_passkey, answer):
    key, _ = add_passkey()
    eve.send("second-factors/passkeys/challenges")
    assert eve.send("second-factors/passkeys", {"name": "x", "answer": answer}).status_code == 422
    if answer.startswith('{"id":"AAAA"'):
        answer = answer.replace("AAAA", json.loads(key.sign({"challenge": "AAAA"}))["id"])
    enter(eve, cast)
    challenge(eve)
    assert eve.send(PAGE, {"answer": answer}).status_code == 422
    assert eve.get("/c/acme/").headers["Location"] == PAGE


def test_the_passkey_of_somebody_else_opens_nothing(eve, cast, as_, add_passkey, client):
    key, _ = add_passkey()
    client.sign_in(cast.mats)
    mats_key, _ = add_passkey("Mats")
    enter(client, cast)
    assert client.send(PAGE, {"answer": mats_key.sign(challenge(client))}).status_code == 422
    assert client.send(PAGE, {"answer": key.sign(challenge(client))}).status_code == 303


@pytest.mark.parametrize("how", [{"origin": "https://evil.example"}, {"type": "password"}])
def test_a_passkey_made_for_elsewhere_is_not_added(eve, add_passkey, as_, cast, how):
    _, answer = add_passkey(**how)
    assert answer.status_code == 422
    with as_(cast.ana) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM passkey")) == 0


def test_the_same_passkey_is_not_added_twice(eve, cast, client, add_passkey):
    """Nor to somebody else: a credential belongs to one person."""
    key, _ = add_passkey()
    _, answer = add_passkey(key=key)
    assert answer.status_code == 422
    client.sign_in(cast.mats)
    _, answer = add_passkey(key=key)
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_passkey_has_a_name(eve, add_passkey, name):
    _, answer = add_passkey(name)
    assert answer.status_code == 422


def test_a_passkey_is_renamed_and_a_name_is_only_text(eve, cast, as_, add_passkey):
    """T122."""
    add_passkey()
    one = passkey_id(as_, cast)
    eve.page(f"second-factors/passkeys/{one}")
    evil = "<script>alert(1)</script>"
    assert eve.send(f"second-factors/passkeys/{one}/name", {"name": evil}).status_code == 303
    assert evil not in eve.page("sessions")
    assert eve.send(f"second-factors/passkeys/{one}/name", {"name": "x" * 61}).status_code == 422


def test_a_passkey_is_removed_and_the_owner_is_told(eve, cast, as_, add_passkey):
    """T60's kin, ASVS 6.3.7: by mail, and at the bound number."""
    add_passkey()
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.eve.employee_id)
    assert eve.send(f"second-factors/passkeys/{passkey_id(as_, cast)}/removal").status_code == 303
    with as_(cast.ana) as uow:
        assert "was removed" in latest(uow, cast.eve.email).text
        assert "has changed" in latest(uow, "+420601123456").text
    assert enter(eve, cast).headers["Location"] == "/c/acme/"


def test_the_last_factor_stays_where_the_company_asks_for_one(eve, cast, as_, add_passkey):
    add_passkey()
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
    one = passkey_id(as_, cast)
    eve.send(f"second-factors/passkeys/{one}/removal")
    assert "your only one that works" in eve.page("sessions")
    with as_(cast.eve) as uow:
        set_up_app(uow, cast.eve.employee_id)
    eve.send(f"second-factors/passkeys/{one}/removal")
    assert "The passkey is removed" in eve.page("sessions")


@pytest.mark.parametrize("who", ["mats", "ana", "zoe"])
def test_nobody_touches_the_passkey_of_somebody_else(eve, client, cast, as_, add_passkey, who):
    """T99: an id in other hands is not found, in the own company as in another."""
    add_passkey()
    one = passkey_id(as_, cast)
    client.sign_in(cast.people[who])
    assert client.get(client.url(f"second-factors/passkeys/{one}")).status_code == 404
    assert client.send(f"second-factors/passkeys/{one}/name", {"name": "mine"}).status_code == 404
    assert client.send(f"second-factors/passkeys/{one}/removal").status_code == 404
    assert passkey_id(as_, cast) == one


def test_there_is_an_end_to_passkeys(eve, add_passkey, monkeypatch):
    monkeypatch.setattr("portal.services.passkeys.MOST", 1)
    add_passkey()
    _, answer = add_passkey("Another")
    assert answer.status_code == 422
    assert "1 passkeys already" in answer.text
