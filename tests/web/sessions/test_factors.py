"""One's own factors on the security page: app, number, recovery codes; every change is told and audited."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.models import PhoneFactor
from portal.services import second_factors
from tests.factories.people import PASSWORD
from tests.factories.sign_in import (
    PHONE,
    app_code,
    ask_for_codes,
    bind_phone,
    factor_of,
    list_codes,
    set_up_app,
)
from tests.fixtures.letters import code_in, latest, subjects

NEW = "+420602123456"
APP = "second-factors/authenticator"


@pytest.fixture
def eve(client, cast):
    return client.sign_in(cast.eve)


def secret_on(page: str) -> str:
    return re.search(r'id="app-key">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")


def sign_in(client, cast):
    client.sign_out()
    return client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})


def test_the_page_offers_what_can_be_set_up(eve):
    page = eve.page("sessions")
    assert "Add a passkey" in page
    assert "Set up an app" in page
    assert "Code by SMS" not in page, "nobody is asked for codes here"
    assert "Recovery codes" not in page, "they stand in for something"


def test_an_app_is_set_up_shown_once_and_asked_for(eve, cast, as_, clock, actions):
    assert eve.send("second-factors/authenticators").headers["Location"] == f"/c/acme/{APP}"
    page = eve.page(APP)
    secret = secret_on(page)
    answer = eve.send(APP, {"code": app_code(secret, clock)})
    assert answer.status_code == 200
    assert answer.text.count("<li><code>") == 10
    assert "authenticator.set-up" in [action for action, _ in actions()]
    assert secret not in eve.page("sessions")
    assert eve.get(f"/c/acme/{APP}").headers["Location"] == "/c/acme/sessions", (
        "the secret is not shown again"
    )
    with as_(cast.ana) as uow:
        assert len(subjects(uow, cast.eve.email)) == 2
    assert sign_in(eve, cast).headers["Location"] == "/c/acme/sign-in/authenticator"


def test_the_picture_is_a_good_qr_code(eve):
    """Drawn squares, without a style of its own, over a light ground."""
    eve.send("second-factors/authenticators")
    page = eve.page(APP)
    path = re.search(r'class="qr-dark" d="([^"]+)"', page).group(1)
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", path)
    assert path.startswith("M4 4h7v1"), "the margin, then the finder in the corner"


def test_setting_up_anew_replaces_the_app_only_when_the_new_one_works(eve, cast, as_, clock):
    with as_(cast.eve) as uow:
        old = set_up_app(uow, cast.eve.employee_id)
    eve.send("second-factors/authenticators")
    new = secret_on(eve.page(APP))
    sign_in(eve, cast)
    assert eve.send("/c/acme/sign-in/authenticator", {"code": app_code(old, clock)}).status_code == 303
    eve.send("second-factors/authenticators") if eve.member else eve.send(
        "/c/acme/second-factors/authenticators"
    )
    new = secret_on(eve.page(f"/c/acme/{APP}"))
    eve.send(f"/c/acme/{APP}", {"code": app_code(new, clock)})
    clock.advance(timedelta(seconds=60))
    sign_in(eve, cast)
    assert eve.send("/c/acme/sign-in/authenticator", {"code": app_code(old, clock)}).status_code == 422
    assert eve.send("/c/acme/sign-in/authenticator", {"code": app_code(new, clock)}).status_code == 303


def test_an_app_is_removed_with_its_recovery_codes(eve, cast, as_, actions):
    with as_(cast.eve) as uow:
        set_up_app(uow, cast.eve.employee_id)
        list_codes(uow)
    assert eve.send(f"{APP}/removal").status_code == 303
    assert "authenticator.removed" in [action for action, _ in actions()]
    with as_(cast.ana) as uow:
        assert "app was removed" in latest(uow, cast.eve.email).text
        assert uow.session.scalar(text("SELECT count(*) FROM recovery_code")) == 0
    assert sign_in(eve, cast).headers["Location"] == "/c/acme/"


@pytest.mark.parametrize("factor", ["app", "number"])
def test_the_last_factor_stays_where_the_company_asks_for_one(eve, cast, as_, factor):
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        (set_up_app if factor == "app" else bind_phone)(uow, cast.eve.employee_id)
    where = f"{APP}/removal" if factor == "app" else "second-factors/phone/removal"
    assert where not in eve.page("sessions")
    eve.send(where)
    assert "your only one that works" in eve.page("sessions")
    with as_(cast.eve) as uow:
        (bind_phone if factor == "app" else set_up_app)(uow, cast.eve.employee_id)
    assert where in eve.page("sessions")
    eve.send(where)
    assert "your only one that works" not in eve.page("sessions")


def test_a_factor_that_was_stopped_is_none_that_is_left(eve, cast, as_):
    """Whoever removed the other would be locked out."""
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
        set_up_app(uow, cast.eve.employee_id)
        uow.session.execute(text("UPDATE phone_factor SET disabled_at = now()"))
    eve.send(f"{APP}/removal")
    page = eve.page("sessions")
    assert "your only one that works" in page
    assert "Stopped after wrong codes" in page


@pytest.fixture
def eve_with_number(client, cast, as_):
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
    return client.sign_in(cast.eve)


def code_to(as_, cast, number: str) -> str:
    with as_(cast.ana) as uow:
        return code_in(latest(uow, number))


def test_another_number_is_bound_by_its_own_code_and_both_are_told(eve_with_number, cast, as_, actions):
    """T60."""
    eve = eve_with_number
    eve.page("second-factors/phone")
    answer = eve.send("second-factors/phone", {"phone": "602 123 456"})
    assert answer.headers["Location"] == "/c/acme/second-factors/phone/code"
    with as_(cast.ana) as uow:
        assert second_factors.number_of(uow, factor_of(uow, cast.eve.employee_id)) == PHONE
    eve.page("second-factors/phone/code")
    code = code_to(as_, cast, NEW)
    assert eve.send("second-factors/phone/code", {"code": code}).headers["Location"] == "/c/acme/sessions"
    with as_(cast.ana) as uow:
        assert second_factors.number_of(uow, factor_of(uow, cast.eve.employee_id)) == NEW
        assert "was changed" in latest(uow, PHONE).text
        assert "was changed" in latest(uow, NEW).text
        assert "phone number" in subjects(uow, cast.eve.email)[-1]
    assert "phone.bound" in [action for action, _ in actions()]
    assert eve.get("/c/acme/sessions").status_code == 200


def test_an_open_browser_alone_changes_no_number(eve_with_number, cast, as_, clock):
    """T59: after five minutes the old number, or another factor, is asked first."""
    eve = eve_with_number
    clock.advance(timedelta(minutes=6))
    for path, fields in (
        ("phone", {"phone": NEW}),
        ("phone/code", {"code": "123456"}),
        ("phone/removal", {}),
    ):
        answer = eve.send(f"second-factors/{path}", fields)
        assert answer.headers["Location"].startswith("/c/acme/sign-in/code?after=")
    assert eve.get("/c/acme/second-factors/phone").status_code == 303
    eve.send("/c/acme/sign-in/code/messages", {})
    code = code_to(as_, cast, PHONE)
    assert eve.send("/c/acme/sign-in/code", {"code": code}).status_code == 303
    assert eve.get("/c/acme/second-factors/phone").status_code == 200


def test_the_code_of_the_old_number_binds_no_new_one(eve_with_number, cast, as_, clock):
    """A proof is a proof of what is there."""
    eve = eve_with_number
    clock.advance(timedelta(minutes=6))
    eve.send("/c/acme/sign-in/code/messages", {})
    code = code_to(as_, cast, PHONE)
    with as_(cast.eve) as uow:
        uow.session.execute(text("UPDATE sign_in_session SET proven_at = :now"), {"now": clock.now()})
    assert eve.send("second-factors/phone/code", {"code": code}).status_code == 422
    with as_(cast.ana) as uow:
        assert second_factors.number_of(uow, factor_of(uow, cast.eve.employee_id)) == PHONE


def test_the_code_of_a_new_number_is_no_proof(eve_with_number, cast, as_, clock):
    """Whoever has an open browser sends a code to their own telephone, and it opens nothing."""
    eve = eve_with_number
    eve.send("second-factors/phone", {"phone": NEW})
    code = code_to(as_, cast, NEW)
    with as_(cast.eve) as uow:
        uow.session.execute(text("UPDATE sign_in_session SET proven_at = NULL"))
    assert eve.send("/c/acme/sign-in/code", {"code": code}).status_code == 422
    assert eve.get("/c/acme/second-factors/phone").status_code == 303


@pytest.mark.parametrize("number", ["", "110", "+420900123456", "+15005550006", "x" * 50])
def test_numbers_that_cost_or_hide_are_refused(eve_with_number, number):
    """T61."""
    assert eve_with_number.send("second-factors/phone", {"phone": number}).status_code == 422


def test_a_first_number_beside_an_app(eve, cast, as_):
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        set_up_app(uow, cast.eve.employee_id)
    eve.send("second-factors/phone", {"phone": NEW})
    assert eve.send("second-factors/phone/code", {"code": code_to(as_, cast, NEW)}).status_code == 303
    assert "••• 456" in eve.page("sessions")


def test_where_nobody_is_asked_no_number_is_kept(eve, cast, as_):
    assert eve.get("/c/acme/second-factors/phone").headers["Location"] == "/c/acme/sessions"
    assert eve.send("second-factors/phone", {"phone": NEW}).status_code == 422
    with as_(cast.ana) as uow:
        assert list(uow.session.scalars(select(PhoneFactor))) == []


def test_a_new_list_of_recovery_codes_is_shown_once(eve, cast, as_, actions):
    with as_(cast.eve) as uow:
        set_up_app(uow, cast.eve.employee_id)
        old = list_codes(uow)
    answer = eve.send("second-factors/recovery-codes")
    assert answer.status_code == 200
    new = re.findall(r"<code>([A-Z2-7-]{19})</code>", answer.text)
    assert len(set(new) - set(old)) == 10
    assert new[0] not in eve.page("sessions")
    assert "10 codes left" in eve.page("sessions")
    assert [payload["facts"] for action, payload in actions() if action == "recovery-codes.made"][-1] == {
        "count": 10
    }


def test_without_a_factor_there_are_no_recovery_codes(eve):
    assert eve.send("second-factors/recovery-codes").status_code == 403


def test_the_history_names_every_step(eve, cast, as_, clock):
    with as_(cast.eve) as uow:
        secret = set_up_app(uow, cast.eve.employee_id)
    sign_in(eve, cast)
    eve.send("/c/acme/sign-in/authenticator", {"code": app_code(secret, clock)})
    page = eve.page("/c/acme/sessions")
    assert re.search(r"<td>Authenticator app</td>\s*<td>.*Right", page)


def test_few_statements_with_everything_set_up(eve_with_number, cast, as_, statements, client):
    with as_(cast.eve) as uow:
        set_up_app(uow, cast.eve.employee_id)
        list_codes(uow)
        uow.session.execute(
            text(
                "INSERT INTO passkey (company_id, id, employee_id, name, credential_id, public_key, transports)"
                " SELECT :company, gen_random_uuid(), :eve, 'Key', '\\x01', '\\x01', '{}'"
            ),
            {"company": cast.acme.id, "eve": cast.eve.employee_id},
        )
    client.get("/c/acme/sessions")
    statements.clear()
    page = client.page("sessions")
    assert "Key" in page
    assert len(statements) <= 8, statements
