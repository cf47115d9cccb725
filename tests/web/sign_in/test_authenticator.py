"""The second step by authenticator app: each code once, wrong ones counted, other ways beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.domain import authenticator_codes as rules
from portal.models import Authenticator, OutboxMessage
from tests.factories.people import PASSWORD
from tests.factories.sign_in import app_code, ask_for_codes, bind_phone, list_codes, set_up_app

APP_PAGE = "/c/acme/sign-in/authenticator"


@pytest.fixture
def secret(as_, cast):
    """Eve's app; the company asks everybody."""
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        return set_up_app(uow, cast.eve.employee_id)


def type_in(client, code: str, **fields):
    return client.send(APP_PAGE, {"code": code, **fields})


def wrong(secret: str, clock) -> str:
    good = {app_code(secret, clock, steps=step) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in good)


def test_password_and_app_lead_in(client, cast, enter, secret, clock, audited):
    assert enter(cast.eve.email).headers["Location"] == APP_PAGE
    page = client.page(APP_PAGE)
    assert secret not in page
    assert client.get("/c/acme/").headers["Location"] == APP_PAGE
    assert type_in(client, app_code(secret, clock)).headers["Location"] == "/c/acme/"
    assert client.get("/c/acme/").status_code == 200
    action, payload = audited()[-1]
    assert (action, payload["facts"]["by"]) == ("sign-in.succeeded", "authenticator")


def test_no_message_goes_out_to_somebody_with_an_app(client, cast, enter, secret, as_):
    """SMS is sent only when it is asked for."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.eve.employee_id)
    enter(cast.eve.email)
    with as_(cast.ana) as uow:
        assert list(uow.session.scalars(select(OutboxMessage.template))) == []
    assert "Get a code by SMS" in client.page(APP_PAGE)


def test_a_code_works_once(client, cast, enter, secret, clock):
    """T65: the same code inside its 30 seconds, in another browser."""
    code = app_code(secret, clock)
    enter(cast.eve.email)
    assert type_in(client, code).status_code == 303
    client.sign_out()
    enter(cast.eve.email)
    answer = type_in(client, code)
    assert answer.status_code == 422
    assert "used already" in answer.text
    clock.advance(timedelta(seconds=30))
    assert type_in(client, app_code(secret, clock)).status_code == 303


def test_an_older_code_is_worthless_once_a_newer_was_used(client, cast, enter, secret, clock):
    """T65: of the drift that is allowed, nothing before the last used step counts."""
    older = app_code(secret, clock, steps=-1)
    enter(cast.eve.email)
    type_in(client, app_code(secret, clock))
    client.sign_out()
    enter(cast.eve.email)
    assert type_in(client, older).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(0, 303), (30, 303), (90, 422)])
def test_a_code_of_the_step_before_is_still_good(client, cast, enter, secret, clock, seconds, status):
    """ASVS 6.5.5."""
    code = app_code(secret, clock)
    enter(cast.eve.email)
    clock.advance(timedelta(seconds=seconds))
    assert type_in(client, code).status_code == status


def test_guesses_make_wait_and_the_wait_survives_the_right_code(client, cast, enter, secret, clock):
    """T52: five free tries from one address, then 429, for the right code too."""
    enter(cast.eve.email)
    for _ in range(5):
        assert type_in(client, wrong(secret, clock)).status_code == 422
    assert type_in(client, app_code(secret, clock)).status_code == 429
    clock.advance(timedelta(seconds=31))
    assert type_in(client, app_code(secret, clock)).status_code == 303


def test_twenty_failures_in_a_row_stop_the_app(client, cast, enter, secret, clock, as_, audited):
    """NIST SP 800-63B-4 3.2.2: then only another factor or HR helps, not even the right code."""
    enter(cast.eve.email)
    for _ in range(rules.FAILURES_UNTIL_DISABLED):
        type_in(client, wrong(secret, clock))
        clock.advance(timedelta(minutes=16))
        enter(cast.eve.email)
    assert "authenticator.disabled" in [action for action, _ in audited()]
    answer = type_in(client, app_code(secret, clock))
    assert answer.status_code == 422
    assert "opens nothing any more" in answer.text
    assert client.get("/c/acme/").headers["Location"] == APP_PAGE
    with as_(cast.eve) as uow:
        codes = list_codes(uow)
    assert client.get("/c/acme/").headers["Location"].endswith("/recovery-code")
    assert client.send("/c/acme/sign-in/recovery-code", {"code": codes[0]}).status_code == 303


def test_a_good_code_ends_the_row_of_failures(client, cast, enter, secret, clock, as_):
    enter(cast.eve.email)
    type_in(client, wrong(secret, clock))
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Authenticator.consecutive_failures)).one() == 1
    type_in(client, app_code(secret, clock))
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Authenticator.consecutive_failures)).one() == 0


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_costs_no_try(client, cast, enter, secret, as_, typed):
    enter(cast.eve.email)
    assert type_in(client, typed).status_code == 422
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Authenticator.consecutive_failures)).one() == 0


def test_the_code_of_somebody_else_opens_nothing(client, cast, enter, secret, as_, clock):
    with as_(cast.mats) as uow:
        other = set_up_app(uow, cast.mats.employee_id)
    enter(cast.eve.email)
    assert type_in(client, app_code(other, clock)).status_code == 422


def test_what_people_set_up_themselves_is_asked_for_though_the_company_asks_nobody(
    client, cast, enter, secret, as_, clock
):
    with as_(cast.ana) as uow:
        ask_for_codes(uow, on=False)
        bind_phone(uow, cast.eve.employee_id)
    assert enter(cast.eve.email).headers["Location"] == APP_PAGE
    assert "SMS" not in client.page(APP_PAGE), "no messages where the company asks for none"
    assert client.get("/c/acme/sign-in/code").headers["Location"] == APP_PAGE
    assert type_in(client, app_code(secret, clock)).status_code == 303
    assert client.get("/c/acme/sessions").status_code == 200


def test_where_one_wanted_to_go_survives_changing_the_way(client, cast, enter, secret, as_, clock):
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.eve.employee_id)
    enter(cast.eve.email, after="/c/acme/sessions")
    page = client.page(f"{APP_PAGE}?after=/c/acme/sessions")
    assert 'href="/c/acme/sign-in/code?after=/c/acme/sessions"' in page
    assert (
        type_in(client, app_code(secret, clock), after="/c/acme/sessions").headers["Location"]
        == "/c/acme/sessions"
    )


def test_the_app_helps_when_the_message_does_not_come(client, cast, enter, secret, as_):
    """T63: the page of codes offers the other ways; nothing is skipped."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.eve.employee_id)
    enter(cast.eve.email)
    client.send("/c/acme/sign-in/code/messages", {})
    with as_(cast.ana) as uow:
        uow.session.execute(text("UPDATE outbox_message SET status = 'failed'"))
    page = client.page("/c/acme/sign-in/code")
    assert "could not be delivered" in page
    assert f'href="{APP_PAGE}"' in page
    assert client.get("/c/acme/").headers["Location"] == APP_PAGE


def test_the_page_of_codes_says_what_is_weaker_about_them(client, cast, enter, as_):
    """ASVS 6.6.1."""
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
    enter(cast.eve.email)
    page = client.page("/c/acme/sign-in/code")
    assert "How safe is a code by SMS?" in page
    assert "authenticator app is stronger" in page


def test_a_secret_is_nowhere_readable(client, cast, enter, secret, as_, clock, caplog):
    """T64, P10: sealed in its row, absent elsewhere."""
    enter(cast.eve.email)
    code = app_code(secret, clock)
    type_in(client, wrong(secret, clock))
    type_in(client, code)
    for table in ("authenticator", "outbox_message", "sign_in_attempt", "audit.event"):
        with as_(cast.ana) as uow:
            rows = uow.session.scalar(text(f"SELECT string_agg(concat_ws(' ', t.*), '|') FROM {table} t"))  # noqa: S608
        assert secret not in (rows or "")
        assert f'"{code}"' not in (rows or "")
    assert secret not in caplog.text


def test_the_page_needs_few_statements(client, cast, enter, secret, statements):
    enter(cast.eve.email)
    statements.clear()
    client.page(APP_PAGE)
    assert len(statements) <= 4, statements


def test_a_stranger_sees_no_such_page(client, cast, secret):
    assert client.get(APP_PAGE).headers["Location"] == "/c/acme/sign-in"
    client.sign_in(cast.eve)
    assert client.get(APP_PAGE).headers["Location"] == "/c/acme/"
    client.sign_out()
    client.send("/c/acme/sign-in", {"email": cast.otto.email, "password": PASSWORD})
    assert client.get(APP_PAGE).headers["Location"] == "/c/acme/sign-in/set-up"
