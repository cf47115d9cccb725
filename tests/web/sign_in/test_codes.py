"""The second step of signing in: codes by SMS, with every number of the promise."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from portal.domain import one_time_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.models import OneTimeCode, OutboxMessage
from portal.models.outbox_message import MessageStatus
from portal.services import factor_resets, second_factors
from tests.factories.people import PASSWORD
from tests.factories.sign_in import PHONE, ask_for_codes, bind_phone, factor_of, tell_hr_the_number
from tests.fixtures.letters import code_in, latest, subjects

CODE_PAGE = "/c/acme/sign-in/code"
PHONE_PAGE = "/c/acme/sign-in/phone"


@pytest.fixture(autouse=True)
def acme_asks_for_codes(as_, cast):
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)


@pytest.fixture
def last_code(as_, cast):
    """The six digits of the newest message to a number."""

    def read(number: str = PHONE) -> str:
        with as_(cast.ana) as uow:
            return code_in(latest(uow, number))

    return read


def type_in(client, code: str, **fields):
    return client.send(CODE_PAGE, {"code": code, **fields})


def other_than(code: str, step: int = 1) -> str:
    return f"{(int(code) + step) % 10**6:06d}"


def test_password_and_code_lead_in(client, cast, enter, last_code, audited):
    assert enter(cast.eve.email).headers["Location"] == CODE_PAGE
    page = client.page(CODE_PAGE)
    assert "•• 456" in page.replace("• ••• 456", "•• 456")
    assert PHONE not in page
    answer = type_in(client, last_code())
    assert answer.headers["Location"] == "/c/acme/"
    assert client.get("/c/acme/").status_code == 200
    assert audited()[-1][0] == "sign-in.succeeded"


def test_where_one_wanted_to_go_survives_the_code(client, cast, enter, last_code):
    answer = enter(cast.eve.email, after="/c/acme/sessions")
    assert 'value="/c/acme/sessions"' in client.page(answer.headers["Location"])
    assert type_in(client, last_code(), after="/c/acme/sessions").headers["Location"] == "/c/acme/sessions"
    assert type_in(client, "000000", after="//evil.example").headers["Location"] == "/c/acme/"


@pytest.mark.parametrize("path", ["/c/acme/", "/c/acme/sessions", "/c/acme/settings", "/c/acme/password"])
def test_a_half_open_session_opens_nothing(client, cast, enter, path):
    """T56: pages, htmx parts and writes all lead to the code."""
    enter(cast.eve.email)
    assert client.get(path).headers["Location"] == CODE_PAGE
    assert client.head(path).status_code == 303
    part = client.get(path, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, CODE_PAGE)
    assert part.data == b""
    assert client.send("/c/acme/sessions/end", {}).headers["Location"] == CODE_PAGE


def test_a_new_session_id_after_the_code(client, cast, enter, last_code):
    """T81, ASVS 7.2.4: the half-open id never becomes a whole one."""
    enter(cast.eve.email)
    half = client.get_cookie("__Host-sid", domain="localhost").value
    type_in(client, last_code())
    assert client.get_cookie("__Host-sid", domain="localhost").value != half
    client.set_cookie("__Host-sid", half, domain="localhost", secure=True)
    assert "/sign-in" in client.get("/c/acme/").headers["Location"]


def test_a_code_works_for_five_minutes(client, cast, enter, last_code, clock):
    """T49, ASVS 6.5.5."""
    enter(cast.eve.email)
    clock.advance(timedelta(minutes=5, seconds=1))
    answer = type_in(client, last_code())
    assert answer.status_code == 422
    assert "too old" in answer.text


def test_a_code_just_inside_its_time_is_good(client, cast, enter, last_code, clock):
    enter(cast.eve.email)
    clock.advance(timedelta(minutes=5, seconds=-1))
    assert type_in(client, last_code()).status_code == 303


def test_a_code_works_once(client, cast, enter, last_code, as_):
    """T50: the same code in the same session a second time."""
    enter(cast.eve.email)
    code = last_code()
    half = client.get_cookie("__Host-sid", domain="localhost").value
    type_in(client, code)
    client.sign_out()
    client.set_cookie("__Host-sid", half, domain="localhost", secure=True)
    assert "/sign-in" in type_in(client, code).headers["Location"]
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(OneTimeCode)).one().consumed_at is not None


def test_a_code_belongs_to_its_sign_in(client, cast, enter, last_code, clock):
    """ASVS 6.6.2: a code sent to one browser opens no other."""
    enter(cast.eve.email)
    first = last_code()
    clock.advance(timedelta(seconds=61))
    other = client.application.test_client()
    other.staffroom = client.staffroom
    other.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    assert other.send(CODE_PAGE, {"code": first}).status_code == 422
    assert type_in(client, first).status_code == 303


def test_five_wrong_tries_and_the_code_is_dead(client, cast, enter, last_code):
    """NIST 800-63B-4 3.2.2, T52: the right code comes too late."""
    enter(cast.eve.email)
    code = last_code()
    for step in range(1, rules.CODE_TRIES + 1):
        assert type_in(client, other_than(code, step)).status_code == 422
    answer = type_in(client, code)
    assert answer.status_code == 422
    assert "Too many wrong tries" in answer.text


def test_what_is_no_code_costs_no_try(client, cast, enter, last_code):
    enter(cast.eve.email)
    for typed in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\n"]:
        assert type_in(client, typed).status_code == 422
    code = last_code()
    assert type_in(client, f" {code[:3]} {code[3:]} ").status_code == 303


def test_a_resend_kills_the_older_code(client, cast, enter, last_code, clock):
    """T54."""
    enter(cast.eve.email)
    first = last_code()
    clock.advance(timedelta(seconds=60))
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 303
    if first != last_code():
        assert type_in(client, first).status_code == 422
    assert type_in(client, last_code()).status_code == 303


def test_a_code_may_be_asked_for_once_a_minute(client, cast, enter, clock, as_):
    """T55: too early is 429 and no message."""
    enter(cast.eve.email)
    clock.advance(timedelta(seconds=59))
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 429
    assert _messages(as_, cast) == 1
    clock.advance(timedelta(seconds=1))
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 303


def test_five_codes_an_hour_and_ten_a_day(client, cast, enter, clock, as_):
    """T55: the sixth within the hour is 429; the eleventh within the day too, over any number of sign-ins."""
    sent = 0
    for _ in range(40):
        enter(cast.eve.email)
        clock.advance(timedelta(seconds=61))
        assert _messages(as_, cast) <= 5
    assert _messages(as_, cast) == 5
    for _ in range(12):
        clock.advance(timedelta(minutes=61))
        enter(cast.eve.email)
        sent = _messages(as_, cast)
    assert sent == 10


def test_the_caps_hold_for_a_number_whoever_has_it(client, cast, enter, clock, as_):
    """T62 in small: two people with one number share its cap."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.mats.employee_id)
    enter(cast.eve.email)
    enter(cast.mats.email)
    assert _messages(as_, cast) == 1


def test_an_address_cannot_pump_messages(client, cast, enter, as_, monkeypatch):
    """T62: the breaker per address and per company."""
    monkeypatch.setattr(rules, "SENDS_PER_ADDRESS", 1)
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.mats.employee_id, "+420602123456")
    enter(cast.eve.email)
    enter(cast.mats.email)
    assert _messages(as_, cast) == 1
    monkeypatch.setattr(rules, "SENDS_PER_ADDRESS", 100)
    monkeypatch.setattr(rules, "SENDS_PER_COMPANY", 1)
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 429


def test_twenty_failures_in_a_row_stop_the_number(client, cast, enter, last_code, clock, as_, audited):
    """NIST 800-63B-4 3.2.2: then only HR helps, and not even the right code opens."""
    for _ in range(rules.FAILURES_UNTIL_DISABLED // rules.CODE_TRIES):
        enter(cast.eve.email)
        code = last_code()
        for step in range(1, rules.CODE_TRIES + 1):
            type_in(client, other_than(code, step))
        clock.advance(timedelta(minutes=15))
    assert "phone.disabled" in [action for action, _ in audited()]
    enter(cast.eve.email)
    assert _messages(as_, cast) == 4
    assert "Ask your HR team" in client.page(CODE_PAGE)
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 422
    with as_(cast.ana) as uow:
        factor_resets.reset(uow, cast.eve.employee_id)
    assert "/sign-in" in client.get(CODE_PAGE).headers["Location"]
    enter(cast.eve.email)
    assert client.get(CODE_PAGE).headers["Location"] == PHONE_PAGE


def test_a_good_code_ends_the_row_of_failures(client, cast, enter, last_code, as_):
    enter(cast.eve.email)
    code = last_code()
    type_in(client, other_than(code))
    type_in(client, code)
    with as_(cast.ana) as uow:
        assert factor_of(uow, cast.eve.employee_id).consecutive_failures == 0


def test_wrong_codes_are_counted_although_they_are_refused(client, cast, enter, last_code, as_):
    enter(cast.eve.email)
    type_in(client, other_than(last_code()))
    with as_(cast.ana) as uow:
        assert factor_of(uow, cast.eve.employee_id).consecutive_failures == 1
        assert uow.session.scalars(select(OneTimeCode.attempts)).one() == 1


def test_a_first_number_is_bound_by_its_code(client, cast, enter, last_code, as_, audited):
    enter(cast.otto.email)
    assert client.get(CODE_PAGE).headers["Location"] == PHONE_PAGE
    client.page(PHONE_PAGE)
    assert client.send(PHONE_PAGE, {"phone": "602 123 456"}).headers["Location"] == CODE_PAGE
    with as_(cast.ana) as uow:
        assert factor_of(uow, cast.otto.employee_id).confirmed_at is None
    assert "Not your number?" in client.page(CODE_PAGE)
    assert type_in(client, last_code("+420602123456")).status_code == 303
    with as_(cast.ana) as uow:
        assert factor_of(uow, cast.otto.employee_id).confirmed_at is not None
        assert "phone number" in subjects(uow, cast.otto.email)[-1]
    assert "phone.bound" in [action for action, _ in audited()]


def test_a_mistyped_number_can_be_chosen_again(client, cast, enter, last_code, clock, as_):
    enter(cast.otto.email)
    client.send(PHONE_PAGE, {"phone": "602 123 450"})
    clock.advance(timedelta(seconds=61))
    client.send(PHONE_PAGE, {"phone": "602 123 456"})
    assert type_in(client, last_code("+420602123456")).status_code == 303
    with as_(cast.ana) as uow:
        factor = factor_of(uow, cast.otto.employee_id)
        assert second_factors.number_of(uow, factor) == "+420602123456"


def test_where_hr_knows_the_number_no_other_can_be_bound(client, cast, enter, as_):
    """ASVS 6.6.1: who has stolen a password cannot bind a telephone of their own."""
    with as_(cast.ana) as uow:
        tell_hr_the_number(uow, cast.otto.employee_id, "+420603111222")
    enter(cast.otto.email)
    page = client.page(PHONE_PAGE)
    assert 'name="phone"' not in page
    assert "222" in page
    assert "+420603111222" not in page
    client.send(PHONE_PAGE, {"phone": "+420602123456"})
    with as_(cast.ana) as uow:
        assert latest(uow).to == "+420603111222"


def test_a_bound_number_cannot_be_replaced_at_the_sign_in(client, cast, enter, as_):
    """T59: a password alone does not move the codes to another telephone."""
    enter(cast.eve.email)
    assert client.send(PHONE_PAGE, {"phone": "+420602123456"}).status_code == 422
    with as_(cast.ana) as uow:
        assert second_factors.number_of(uow, factor_of(uow, cast.eve.employee_id)) == PHONE


@pytest.mark.parametrize(
    "number", ["+420900123456", "+15005550006", "+420910123456", "110", "", "+420 222 111 222", "x" * 60]
)
def test_numbers_that_cost_or_hide_are_refused(client, cast, enter, as_, number):
    """T61: premium, foreign, internet, landline and emergency numbers; no message leaves."""
    enter(cast.otto.email)
    assert client.send(PHONE_PAGE, {"phone": number}).status_code == 422
    assert _messages(as_, cast) == 0


def test_hr_removes_a_number_and_both_sides_are_told(cast, as_, client):
    """T60: the old number and the mailbox; every session ends."""
    client.sign_in(cast.eve)
    with as_(cast.ana) as uow:
        factor_resets.reset(uow, cast.eve.employee_id)
    with as_(cast.ana) as uow:
        assert "was changed" in latest(uow, PHONE).text
        assert "removed" in subjects(uow, cast.eve.email)[-1]
        assert second_factors.find_factor(uow, cast.eve.employee_id) is None
    assert client.get("/c/acme/").status_code == 303


@pytest.mark.parametrize("who", ["eve", "mats"])
def test_nobody_else_removes_a_number(cast, as_, who):
    with as_(getattr(cast, who)) as uow, pytest.raises(Refusal):
        factor_resets.reset(uow, cast.eve.employee_id)


def test_hr_cannot_remove_their_own_number(cast, as_):
    """T59: whoever finds HR's open browser cannot take the second factor off it."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.ana.employee_id, "+420602123456")
        with pytest.raises(Refusal) as refused:
            factor_resets.reset(uow, cast.ana.employee_id)
    assert refused.value.reason is Reason.OWN_REQUEST


def test_switching_codes_on_challenges_who_is_in(client, cast, as_, last_code):
    """T58: at the next click, with a code of their own asking."""
    with as_(cast.ana) as uow:
        ask_for_codes(uow, on=False)
    client.sign_in(cast.eve)
    with as_(cast.ana) as uow:
        uow.session.execute(text("UPDATE sign_in_session SET second_factor_at = NULL"))
    assert client.get("/c/acme/sessions").status_code == 200
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
    assert client.get("/c/acme/sessions").headers["Location"] == CODE_PAGE
    assert "Send me a code" in client.page(CODE_PAGE)
    assert _messages(as_, cast) == 0
    client.send(f"{CODE_PAGE}/messages", {})
    assert type_in(client, last_code()).status_code == 303
    assert client.get("/c/acme/sessions").status_code == 200


def test_a_message_that_failed_is_said_and_opens_nothing(client, cast, enter, as_):
    """T63: the provider is down; the page says so, and there is no way around the code."""
    enter(cast.eve.email)
    with as_(cast.ana) as uow:
        uow.session.execute(update(OutboxMessage).values(status=MessageStatus.FAILED))
    page = client.page(CODE_PAGE)
    assert "could not be delivered" in page
    assert client.get("/c/acme/").headers["Location"] == CODE_PAGE


def test_the_code_is_nowhere_but_in_its_message(client, cast, enter, last_code, as_, audited, caplog):
    """T64: not in logs, audit, tables, jobs or pages."""
    caplog.set_level(logging.DEBUG)
    enter(cast.eve.email)
    code = last_code()
    wrong = type_in(client, other_than(code))
    assert code not in client.page(CODE_PAGE)
    assert code not in caplog.text
    for table in ("one_time_code", "outbox_message", "procrastinate_jobs", "sign_in_attempt", "audit.event"):
        with as_(cast.ana) as uow:
            rows = uow.session.scalar(text(f"SELECT string_agg(concat_ws(' ', t.*), '|') FROM {table} t"))  # noqa: S608
        assert f'"{code}"' not in (rows or "")
        assert f" {code} " not in (rows or "")
    assert other_than(code) not in wrong.text


def test_somebody_not_half_way_sees_no_code_page(client, cast, as_):
    assert client.get(CODE_PAGE).headers["Location"] == "/c/acme/sign-in"
    assert client.send(CODE_PAGE, {"code": "123456"}).headers["Location"] == "/c/acme/sign-in"
    client.sign_in(cast.eve)
    assert client.get(CODE_PAGE).headers["Location"] == "/c/acme/"


def test_a_half_open_session_can_be_given_up(client, cast, enter):
    enter(cast.eve.email)
    assert client.send("/c/acme/sign-out", {}).status_code == 303
    assert client.get(CODE_PAGE).headers["Location"] == "/c/acme/sign-in"


def test_a_half_open_session_lasts_a_quarter_of_an_hour(client, cast, enter, clock):
    enter(cast.eve.email)
    clock.advance(timedelta(minutes=15, seconds=1))
    assert client.get(CODE_PAGE).headers["Location"] == "/c/acme/sign-in"


def test_the_code_page_needs_few_statements(client, cast, enter, statements):
    enter(cast.eve.email)
    statements.clear()
    client.page(CODE_PAGE)
    assert len(statements) <= 8, statements


def _messages(as_, cast) -> int:
    with as_(cast.ana) as uow:
        return len([one for one in _all(uow) if one == "second_factor_code"])


def _all(uow) -> list[str]:
    return list(uow.session.scalars(select(OutboxMessage.template)))
