"""Setting up a first factor at the sign-in, and what a stolen password must not be able to do there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from portal.domain.refusals import Reason, Refusal
from portal.models import Authenticator, PhoneFactor
from portal.services import second_factors, sessions
from tests.factories.people import PASSWORD
from tests.factories.sign_in import app_code, ask_for_codes, bind_phone, set_up_app, tell_hr_the_number
from tests.fixtures.letters import code_in, latest, subjects

SET_UP = "/c/acme/sign-in/set-up"
APP = f"{SET_UP}/authenticator"
HOME = "/c/acme/"


@pytest.fixture(autouse=True)
def acme_asks_everybody(as_, cast):
    with as_(cast.ana) as uow:
        ask_for_codes(uow)


def secret_on(page: str) -> str:
    return re.search(r'id="app-key">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")


def another_browser(client, cast):
    other = client.application.test_client()
    other.staffroom = client.staffroom
    other.send("/c/acme/sign-in", {"email": cast.otto.email, "password": PASSWORD})
    return other


def test_an_app_is_set_up_and_leads_in(client, cast, enter, as_, clock, audited):
    assert (
        enter(cast.otto.email, after="/c/acme/sessions").headers["Location"]
        == f"{SET_UP}?after=/c/acme/sessions"
    )
    page = client.page(SET_UP)
    assert "Weaker than the two others" in page
    assert client.send(f"{SET_UP}/authenticators", {}).headers["Location"] == APP
    page = client.page(APP)
    assert "<path" in page
    code = app_code(secret_on(page), clock)
    answer = client.send(APP, {"code": code, "after": "/c/acme/sessions"})
    assert answer.status_code == 200
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", answer.text)
    assert len(codes) == 10
    assert 'href="/c/acme/sessions"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(HOME).status_code == 200
    assert codes[0] not in client.page("/c/acme/sessions")
    actions = [action for action, _ in audited()]
    assert {"authenticator.set-up", "recovery-codes.made", "sign-in.succeeded"} <= set(actions)
    with as_(cast.ana) as uow:
        assert "has changed" in subjects(uow, cast.otto.email)[-1]


def test_the_code_that_set_it_up_opens_no_second_time(client, cast, enter, clock):
    """T65."""
    enter(cast.otto.email)
    client.send(f"{SET_UP}/authenticators", {})
    code = app_code(secret_on(client.page(APP)), clock)
    client.send(APP, {"code": code})
    client.sign_out()
    enter(cast.otto.email)
    assert client.send("/c/acme/sign-in/authenticator", {"code": code}).status_code == 422


def test_a_wrong_first_code_keeps_the_picture_and_opens_nothing(client, cast, enter, clock):
    enter(cast.otto.email)
    client.send(f"{SET_UP}/authenticators", {})
    secret = secret_on(client.page(APP))
    answer = client.send(APP, {"code": "000000" if app_code(secret, clock) != "000000" else "000001"})
    assert answer.status_code == 422
    assert secret_on(answer.text) == secret
    assert client.get(HOME).headers["Location"] == SET_UP
    assert client.send(APP, {"code": app_code(secret, clock)}).status_code == 200


def test_a_secret_belongs_to_the_session_that_began_it(client, cast, enter, clock):
    """Who has stolen the password sees neither the secret of the owner's set-up nor finishes it."""
    enter(cast.otto.email)
    client.send(f"{SET_UP}/authenticators", {})
    secret = secret_on(client.page(APP))
    thief = another_browser(client, cast)
    assert thief.get(APP).headers["Location"] == SET_UP
    assert thief.send(APP, {"code": app_code(secret, clock)}).headers["Location"] == SET_UP
    assert client.send(APP, {"code": app_code(secret, clock)}).status_code == 200


def test_whoever_finishes_first_ends_all_other_beginnings(client, cast, enter, clock, as_):
    """Of two browsers with the password one sets up a factor; the other is then asked for it."""
    thief = another_browser(client, cast)
    thief.send(f"{SET_UP}/authenticators", {})
    stolen = secret_on(thief.get(APP).text)
    thief.send("/c/acme/sign-in/phone", {"phone": "602 123 456"})
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, "+420602123456"))
    enter(cast.otto.email)
    client.send(f"{SET_UP}/authenticators", {})
    assert client.send(APP, {"code": app_code(secret_on(client.page(APP)), clock)}).status_code == 200
    assert thief.send(APP, {"code": app_code(stolen, clock)}).status_code in {303, 422}
    assert (
        thief.send("/c/acme/sign-in/code", {"code": code}).headers["Location"]
        == "/c/acme/sign-in/authenticator"
    )
    assert thief.get(HOME).status_code == 303
    with as_(cast.ana) as uow:
        assert len(list(uow.session.scalars(select(Authenticator)))) == 1
        assert uow.session.scalars(select(PhoneFactor.confirmed_at)).one() is None


def test_a_number_is_not_bound_once_another_factor_is(client, cast, enter, as_):
    """T59: the service refuses by itself, whatever page the code came from."""
    enter(cast.otto.email)
    client.send("/c/acme/sign-in/phone", {"phone": "602 123 456"})
    token = client.get_cookie("__Host-sid", domain="localhost").value
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, "+420602123456"))
        set_up_app(uow, cast.otto.employee_id)
        person = sessions.recognise(uow, token)
    with as_(cast.otto) as uow, pytest.raises(Refusal) as refused:
        second_factors.confirm(uow, person, code)
    assert refused.value.reason is Reason.CODE_EXPIRED


@pytest.mark.parametrize("factor", ["app", "number"])
def test_a_password_alone_adds_nothing_beside_a_factor(client, cast, enter, as_, factor):
    """T59: neither a number nor an app nor a passkey."""
    with as_(cast.ana) as uow:
        (set_up_app if factor == "app" else bind_phone)(uow, cast.otto.employee_id)
    enter(cast.otto.email)
    assert client.get(SET_UP).headers["Location"] != SET_UP
    assert client.send(f"{SET_UP}/authenticators", {}).status_code == 403
    assert client.send(f"{SET_UP}/passkey/challenges", {}).status_code == 403
    assert client.send("/c/acme/sign-in/phone", {"phone": "603 123 456"}).status_code == 422
    assert client.get(HOME).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM authenticator")) == (factor == "app")
        assert uow.session.scalar(text("SELECT count(*) FROM passkey_challenge")) == 0


def test_where_hr_knows_the_number_a_code_to_it_comes_first(client, cast, enter, as_):
    """ASVS 6.6.1: a stolen password alone binds nothing, no app either."""
    with as_(cast.ana) as uow:
        tell_hr_the_number(uow, cast.otto.employee_id, "+420603111222")
    enter(cast.otto.email)
    assert client.get(SET_UP).headers["Location"] == "/c/acme/sign-in/phone"
    assert "Choose something else" not in client.page("/c/acme/sign-in/phone")
    assert client.send(f"{SET_UP}/authenticators", {}).status_code == 403
    assert client.get(f"{SET_UP}/passkey").headers["Location"] == "/c/acme/sign-in/phone"
    client.send("/c/acme/sign-in/phone", {})
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, "+420603111222"))
    assert client.send("/c/acme/sign-in/code", {"code": code}).status_code == 303
    assert client.get(HOME).status_code == 200


def test_nobody_who_is_not_asked_sets_up_anything_half_way(client, cast, as_):
    assert client.get(SET_UP).headers["Location"] == "/c/acme/sign-in"
    client.sign_in(cast.otto)
    assert client.get(SET_UP).headers["Location"] == HOME
    assert client.send(f"{SET_UP}/authenticators", {}).headers["Location"] == HOME


def test_a_policy_switched_off_meanwhile_leads_back_to_the_door(client, cast, enter, as_):
    enter(cast.otto.email)
    with as_(cast.ana) as uow:
        ask_for_codes(uow, on=False)
    assert client.get(SET_UP).headers["Location"] == "/c/acme/sign-in"
    assert enter(cast.otto.email).headers["Location"] == HOME
