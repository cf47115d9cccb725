"""The second step by a recovery code: each once, throttled, told to the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.models import RecoveryCode
from tests.factories.sign_in import PHONE, ask_for_codes, bind_phone, list_codes, set_up_app
from tests.fixtures.letters import latest, subjects

PAGE = "/c/acme/sign-in/recovery-code"


@pytest.fixture
def codes(as_, cast):
    """Eve has an app and a list; the company asks everybody."""
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        set_up_app(uow, cast.eve.employee_id)
        return list_codes(uow)


def test_a_code_leads_in_once_and_the_owner_is_told(client, cast, enter, codes, as_, audited):
    """T65, ASVS 6.3.7."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.eve.employee_id)
    enter(cast.eve.email)
    assert f'href="{PAGE}"' in client.page("/c/acme/sign-in/authenticator")
    client.page(PAGE)
    typed = codes[0].lower().replace("-", " ")
    assert client.send(PAGE, {"code": typed}).headers["Location"] == "/c/acme/"
    assert "recovery-code.used" in [action for action, _ in audited()]
    with as_(cast.ana) as uow:
        assert "has changed" in subjects(uow, cast.eve.email)[-1]
        assert "Codes left: 9" in latest(uow, cast.eve.email).text
        assert "has changed" in latest(uow, PHONE).text
    client.sign_out()
    enter(cast.eve.email)
    answer = client.send(PAGE, {"code": codes[0]})
    assert answer.status_code == 422
    assert "used before" in answer.text
    assert client.send(PAGE, {"code": codes[1]}).status_code == 303


def test_a_new_list_ends_the_old_one(client, cast, enter, codes, as_):
    with as_(cast.eve) as uow:
        new = list_codes(uow)
    enter(cast.eve.email)
    assert client.send(PAGE, {"code": codes[0]}).status_code == 422
    assert client.send(PAGE, {"code": new[0]}).status_code == 303


def test_the_code_of_somebody_else_opens_nothing(client, cast, enter, codes, as_):
    with as_(cast.mats) as uow:
        set_up_app(uow, cast.mats.employee_id)
        others = list_codes(uow)
    enter(cast.eve.email)
    assert client.send(PAGE, {"code": others[0]}).status_code == 422


def test_guesses_make_wait(client, cast, enter, codes, clock):
    """T52."""
    enter(cast.eve.email)
    for _ in range(5):
        assert client.send(PAGE, {"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    assert client.send(PAGE, {"code": codes[0]}).status_code == 429
    clock.advance(timedelta(seconds=31))
    assert client.send(PAGE, {"code": codes[0]}).status_code == 303


@pytest.mark.parametrize("typed", ["", "x" * 61, "not a code", "🙂" * 16])
def test_what_is_no_code_is_refused_kindly(client, cast, enter, codes, typed):
    enter(cast.eve.email)
    assert client.send(PAGE, {"code": typed}).status_code == 422


def test_codes_alone_are_no_factor(client, cast, enter, codes, as_):
    """They stand in for a factor that is there; without one nobody is asked for them."""
    with as_(cast.ana) as uow:
        ask_for_codes(uow, on=False)
        uow.session.execute(text("DELETE FROM authenticator"))
    assert enter(cast.eve.email).headers["Location"] == "/c/acme/"


def test_when_all_are_used_the_page_is_offered_no_more(client, cast, enter, codes, as_):
    with as_(cast.ana) as uow:
        uow.session.execute(text("UPDATE recovery_code SET used_at = now()"))
    enter(cast.eve.email)
    assert PAGE not in client.page("/c/acme/sign-in/authenticator")
    assert client.get(PAGE).headers["Location"] == "/c/acme/sign-in/authenticator"


def test_codes_are_kept_as_keyed_hashes(cast, codes, as_):
    """P5: hashed, at least 64 bits."""
    with as_(cast.ana) as uow:
        kept = list(uow.session.scalars(select(RecoveryCode.code_hmac)))
        everything = uow.session.scalar(
            text("SELECT string_agg(concat_ws(' ', t.*), '|') FROM audit.event t")
        )
    assert len(kept) == len(set(kept)) == len(codes) == len(set(codes)) == 10
    assert all(len(one) == 32 for one in kept)
    assert not any(code in everything for code in codes)
