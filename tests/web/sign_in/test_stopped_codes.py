"""Fraud that pumps messages to a range of numbers: codes stop for the company, its admins know, nobody slips in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.domain import one_time_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.models import Company, Employee, Identity, OutboxMessage
from portal.services import code_stops, second_factors, sessions
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.sign_in import PHONE, ask_for_codes, bind_phone
from tests.fixtures.letters import code_in, latest, subjects

CODE_PAGE = "/c/acme/sign-in/code"
PHONE_PAGE = "/c/acme/sign-in/phone"


@pytest.fixture(autouse=True)
def acme_asks_for_codes(as_, cast):
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)


@pytest.fixture
def few(monkeypatch):
    """Two numbers of a range are as many as may wait for their first code."""
    monkeypatch.setattr(rules, "UNCONFIRMED_PER_PREFIX", 2)


@pytest.fixture
def half_open(as_, cast, clock):
    """The cookies of so many people whose password was right and whose code is not there yet."""

    def tokens(count: int) -> list[str]:
        with as_(cast.ana) as uow:
            people = [
                Employee(email=f"p{number}@acme.example", first_name="P", last_name=str(number))
                for number in range(count)
            ]
            uow.session.add_all(people)
            uow.session.flush()
            identities = [
                Identity(employee_id=one.id, provider="password", subject=one.email) for one in people
            ]
            uow.session.add_all(identities)
            uow.session.flush()
            return [sessions.start(uow, one, browser="tests", complete=False)[1] for one in identities]

    return tokens


@pytest.fixture
def choose(client):
    """A half-open person asks for a code to a number."""

    def send(cookie: str, number: str) -> int:
        client.set_cookie(SESSION_COOKIE, cookie, domain="localhost", secure=True)
        data = {"phone": number, "csrf_token": client.form_token()}
        return client.post(PHONE_PAGE, data=data).status_code

    return send


def codes_sent(as_, cast) -> int:
    with as_(cast.ana) as uow:
        wanted = select(func.count()).where(OutboxMessage.template == "second_factor_code")
        return uow.session.scalar(wanted)


def stops(audited) -> list[dict]:
    return [payload["facts"] for action, payload in audited() if action == "codes.stopped"]


def test_a_thousand_numbers_of_one_prefix_stop_the_codes_once(as_, cast, choose, half_open, audited, client):
    """T62: two hundred leave, the rest do not; one event, one letter to each admin, and still nobody is in."""
    people = half_open(220)
    outcomes = [choose(cookie, f"+420602{at:06d}") for at, cookie in enumerate(people)]
    assert outcomes == [303] * rules.UNCONFIRMED_PER_PREFIX + [429] * 20
    with as_(cast.ana) as uow:
        person = sessions.recognise(uow, people[-1])
        for at in range(220, 1000):
            with pytest.raises(Refusal) as refused:
                second_factors.choose_number(uow, person, f"+420602{at:06d}")
            assert refused.value.reason is Reason.CODES_STOPPED
    assert codes_sent(as_, cast) == rules.UNCONFIRMED_PER_PREFIX
    [facts] = stops(audited)
    assert facts["prefix"] == "+42060"
    with as_(cast.ana) as uow:
        told = uow.session.scalars(
            select(OutboxMessage.employee_id).where(OutboxMessage.template == "codes_stopped")
        ).all()
        assert told == [cast.ana.employee_id]
        letter = latest(uow, cast.ana.email)
        assert "are stopped until" in letter.subject
        assert "+42060" in letter.text
    for page in ("/c/acme/", "/c/acme/settings"):
        assert client.get(page).headers["Location"] == "/c/acme/sign-in/set-up"


@pytest.mark.usefixtures("few")
def test_nobody_is_sent_a_code_while_they_are_stopped(client, cast, enter, as_, choose, half_open, audited):
    """T62, T63: not even to a number of long standing; the page says why and until when, and lets nobody by."""
    first, second, third = half_open(3)
    assert [choose(first, "+420777000001"), choose(second, "+420777000002")] == [303, 303]
    assert choose(third, "+420777000003") == 429
    client.sign_out()
    assert enter(cast.eve.email).headers["Location"] == CODE_PAGE
    page = client.page(CODE_PAGE)
    assert "No codes go out in your company right now" in page
    assert "11:00" in page, "an hour after ten in Prague, where the tests' clock stands"
    assert "Send me a code" not in page
    assert codes_sent(as_, cast) == 2
    assert client.send(f"{CODE_PAGE}/messages", {}).status_code == 429
    assert client.get("/c/acme/").headers["Location"] == CODE_PAGE
    assert client.send(CODE_PAGE, {"code": "123456"}).status_code == 422
    assert len(stops(audited)) == 1


@pytest.mark.usefixtures("few")
def test_they_go_out_again_by_themselves(client, cast, enter, as_, choose, half_open, clock, audited):
    """T62: after the hour; a second wave is a second event and a second letter."""
    people = half_open(3)
    for number, cookie in enumerate(people):
        choose(cookie, f"+42060200000{number}")
    clock.advance(rules.STOPPED_FOR)
    client.sign_out()
    enter(cast.eve.email)
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, PHONE))
    assert client.send(CODE_PAGE, {"code": code}).headers["Location"] == "/c/acme/"
    for number, cookie in enumerate(half_open_again(as_, cast, people)):
        choose(cookie, f"+42060200001{number}")
    assert len(stops(audited)) == 2
    with as_(cast.ana) as uow:
        assert sum("are stopped until" in one for one in subjects(uow, cast.ana.email)) == 2


@pytest.mark.usefixtures("few")
def test_a_code_that_is_out_already_still_works(client, cast, enter, as_, choose, half_open):
    """T62: stopping takes nothing from who was sent a code before."""
    enter(cast.eve.email)
    mine = client.get_cookie(SESSION_COOKIE, domain="localhost").value
    for number, cookie in enumerate(half_open(3)):
        choose(cookie, f"+42060200000{number}")
    client.sign_out()
    client.set_cookie(SESSION_COOKIE, mine, domain="localhost", secure=True)
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, PHONE))
    assert client.send(CODE_PAGE, {"code": code}).headers["Location"] == "/c/acme/"


@pytest.mark.usefixtures("few")
def test_confirmed_numbers_and_other_ranges_do_not_count(client, as_, cast, enter, choose, half_open):
    """T62: a company whose people all sign in at eight is no fraud, whatever their operator."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.mats.employee_id, "+420602000002")
        bind_phone(uow, cast.otto.employee_id, "+420602000003")
    for member in (cast.eve, cast.mats, cast.otto):
        enter(member.email)
        client.sign_out()
    assert codes_sent(as_, cast) == 3
    people = half_open(4)
    assert choose(people[0], "+420602000001") == 303
    assert choose(people[1], "+420777000001") == 303
    assert choose(people[2], "+420602000004") == 303
    assert choose(people[3], "+420602000005") == 429


def test_of_several_who_stop_them_at_once_one_is_on_record(as_, cast, audited):
    """T62: whoever waited for the lock finds them stopped, refuses too, and writes no second letter."""
    for _ in range(2):
        with as_(cast.ana) as uow, pytest.raises(Refusal):
            code_stops.stop(uow, prefix="+42077")
    assert len(stops(audited)) == 1
    with as_(cast.ana) as uow:
        assert sum("are stopped until" in one for one in subjects(uow, cast.ana.email)) == 1


def test_too_many_codes_of_any_numbers_stop_them_too(client, cast, enter, as_, monkeypatch, audited):
    """T62: the cap of the whole company trips the same breaker."""
    monkeypatch.setattr(rules, "SENDS_PER_COMPANY", 1)
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.mats.employee_id, "+420777123456")
    enter(cast.eve.email)
    client.sign_out()
    assert enter(cast.mats.email).headers["Location"] == CODE_PAGE
    assert codes_sent(as_, cast) == 1
    [facts] = stops(audited)
    assert facts["prefix"] == ""
    with as_(cast.ana) as uow:
        until = select(Company.codes_stopped_until).where(Company.id == cast.acme.id)
        assert uow.session.scalar(until) == uow.clock.now() + rules.STOPPED_FOR
        assert "unusually many codes" in latest(uow, cast.ana.email).text


def half_open_again(as_, cast, people: list[str]) -> list[str]:
    """Their sessions were of a quarter of an hour; these are alive again."""
    with as_(cast.ana) as uow:
        now = uow.clock.now()
        uow.session.execute(
            update(sessions.SignInSession)
            .where(sessions.SignInSession.token_hash.in_([sessions.hash_token(one) for one in people]))
            .values(idle_until=now + timedelta(minutes=15))
        )
    return people
