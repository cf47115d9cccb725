"""Signing in with e-mail and password: the way in, the one answer to failures, and where it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.domain import backoff
from portal.integrations.passwords import PasswordHasher
from portal.models import Employee
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.people import PASSWORD, identity_of
from tests.factories.sign_in import ask_for_codes
from tests.fixtures.letters import subjects

WRONG = "not the right password at all"


def test_the_right_password_leads_home(client, cast, enter):
    answer = enter(cast.eve.email)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/")
    assert client.get("/c/acme/").status_code == 200


def test_the_email_may_be_typed_in_capitals_and_with_spaces(enter, cast):
    assert enter(f"  {cast.eve.email.upper()} ").status_code == 303


def test_the_page_shows_the_company_and_is_whole(client, cast):
    page = client.page("/c/acme/sign-in")
    assert cast.acme.name in page
    assert "Forgot your password?" in page


def test_a_stranger_and_a_wrong_password_get_the_same_answer(client, cast, enter):
    """ASVS 6.3.8: same status, same words."""
    wrong, stranger = enter(cast.eve.email, WRONG), enter("nobody@acme.example", WRONG)
    assert wrong.status_code == stranger.status_code == 422
    assert _words(wrong, cast.eve.email) == _words(stranger, "nobody@acme.example")


@pytest.mark.parametrize("who", ["known", "unknown", "inactive"])
def test_each_failure_costs_exactly_one_hash(cast, enter, as_, monkeypatch, statements, who):
    """ASVS 6.3.8: the time is that of one real check and of the same statements, whoever is meant."""
    email = "nobody@acme.example" if who == "unknown" else cast.eve.email
    if who == "inactive":
        with as_(cast.ana) as uow:
            uow.session.execute(update(Employee).where(Employee.email == email).values(active=False))
    checks = _count_checks(monkeypatch)
    statements.clear()
    assert enter(email, WRONG).status_code == 422
    assert len(checks) == 1
    assert len(statements) == 8, statements


def test_nobody_of_another_company_gets_in(enter, cast):
    """T99: Zoe's password opens Beta, not Acme."""
    assert enter(cast.zoe.email).status_code == 422
    assert enter(cast.zoe.email, company="beta").status_code == 303


def test_who_left_does_not_get_in_with_the_right_password(enter, cast, as_, audited):
    with as_(cast.ana) as uow:
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))
    assert enter(cast.eve.email).status_code == 422
    assert audited()[-1][1]["facts"]["reason"] == "inactive"


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example/c/acme/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/c/acme/..//evil.example",
        "/c/acme/../beta/people",
        "/c/acme/%2e%2e/beta",
        "/c/beta/people",
        "/c/acmeevil/x",
        "/c/acme",
        "/",
        "\t//evil.example",
        "/c/acme/\r\nSet-Cookie: a=b",
        "/c/acme/@evil.example",
        "/c/acme/" + "x" * 2000,
    ],
)
def test_after_never_leads_away(enter, cast, after):
    """T48, ASVS 3.7.2: whatever `after` says, one lands on a page of the company."""
    assert enter(cast.eve.email, after=after).headers["Location"] == "/c/acme/"


@pytest.mark.parametrize("after", ["/c/acme/sessions", "/c/acme/calendar?month=2026-06&team=a-b"])
def test_after_leads_to_where_one_wanted_to_go(enter, cast, after):
    assert enter(cast.eve.email, after=after).headers["Location"] == after


def test_a_page_remembers_where_one_wanted_to_go(client, cast, enter):
    answer = client.get("/c/acme/sessions")
    assert answer.status_code == 303
    assert 'value="/c/acme/sessions"' in client.page(answer.headers["Location"])


def test_who_is_in_already_is_not_asked_again(client, cast):
    client.sign_in(cast.eve)
    assert client.get("/c/acme/sign-in").headers["Location"] == "/c/acme/"


def test_a_new_session_id_at_sign_in_and_the_old_one_dies(client, cast, enter):
    """T81: a session id planted or left in the browser is never taken over."""
    client.sign_in(cast.mats)
    planted = client.get_cookie(SESSION_COOKIE, domain="localhost").value
    enter(cast.eve.email)
    fresh = client.get_cookie(SESSION_COOKIE, domain="localhost").value
    assert fresh != planted
    client.set_cookie(SESSION_COOKIE, planted, domain="localhost", secure=True)
    assert client.get("/c/acme/sessions").status_code == 303


def test_an_invented_session_id_opens_nothing(client, cast, enter):
    """T81, T83: an id that we did not make is not accepted, nor one in the address, nor one in another cookie."""
    client.set_cookie(SESSION_COOKIE, "A" * 43, domain="localhost", secure=True)
    assert client.get("/c/acme/sessions").status_code == 303
    client.sign_in(cast.eve)
    token = client.get_cookie(SESSION_COOKIE, domain="localhost").value
    client.sign_out()
    client.set_cookie("sid", token, domain="localhost")
    assert client.get(f"/c/acme/sessions?{SESSION_COOKIE}={token}&sid={token}").status_code == 303


def test_cookies_are_host_only_secure_and_hidden_from_scripts(client, cast, enter):
    """ASVS 3.3.1 to 3.3.4."""
    enter(cast.eve.email)
    answer = client.get("/c/acme/sessions")
    cookies = [*client.get("/").headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert any(cookie.startswith("__Host-at=") for cookie in cookies)
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_five_wrong_tries_make_one_wait_and_waiting_helps(cast, enter, clock):
    """ASVS 6.3.1: the sixth try waits 30 seconds, the seventh a minute; then the right password is good."""
    for _ in range(backoff.FREE_AT_ONE_ADDRESS):
        assert enter(cast.eve.email, WRONG).status_code == 422
    assert enter(cast.eve.email).status_code == 429
    clock.advance(timedelta(seconds=31))
    assert enter(cast.eve.email, WRONG).status_code == 422
    clock.advance(timedelta(seconds=31))
    assert enter(cast.eve.email).status_code == 429
    clock.advance(timedelta(seconds=30))
    assert enter(cast.eve.email).status_code == 303


def test_a_stranger_is_throttled_like_a_person(cast, enter):
    answers = [enter("nobody@acme.example", WRONG).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_guessing_elsewhere_does_not_make_the_person_wait(client, cast, enter):
    """ASVS 6.1.1: an attacker cannot lock somebody out at their own desk with a few guesses."""
    for _ in range(7):
        _enter_from(client, "203.0.113.9", cast.eve.email, WRONG)
    assert _enter_from(client, "203.0.113.9", cast.eve.email, PASSWORD).status_code == 429
    assert _enter_from(client, "198.51.100.4", cast.eve.email, PASSWORD).status_code == 303


def test_guessing_from_many_addresses_is_throttled_too(client, cast):
    for number in range(backoff.FREE_ANYWHERE):
        assert _enter_from(client, f"203.0.113.{number}", cast.eve.email, WRONG).status_code == 422
    assert _enter_from(client, "198.51.100.4", cast.eve.email, PASSWORD).status_code == 429


def test_one_address_that_tries_many_people_is_throttled(client, cast):
    for number in range(backoff.FREE_OF_ONE_ADDRESS):
        _enter_from(client, "203.0.113.9", f"person{number}@acme.example", WRONG)
    assert _enter_from(client, "203.0.113.9", cast.eve.email, PASSWORD).status_code == 429
    assert _enter_from(client, "198.51.100.4", cast.eve.email, PASSWORD).status_code == 303


def test_good_and_bad_tries_are_audited_without_what_was_typed(enter, cast, audited):
    enter(cast.eve.email, WRONG)
    enter("secret-typed-here@acme.example", WRONG)
    enter(cast.eve.email)
    log = audited()[-3:]
    assert [action for action, _ in log] == ["sign-in.failed", "sign-in.failed", "sign-in.succeeded"]
    assert [payload["facts"]["reason"] for _, payload in log] == ["wrong-password", "unknown", "password"]
    assert log[2][1]["email"] == cast.eve.email
    assert "secret-typed" not in str(log)
    assert WRONG not in str(log)


def test_an_old_hash_is_made_anew_at_sign_in(enter, cast, as_):
    """ASVS 11.4.2: costs grow over the years without anybody changing a password."""
    with as_(cast.ana) as uow:
        old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
        identity_of(uow, cast.eve.employee_id).password_hash = old
    enter(cast.eve.email)
    with as_(cast.ana) as uow:
        fresh = identity_of(uow, cast.eve.employee_id).password_hash
        assert fresh != old
        assert not uow.outside.passwords.needs_rehash(fresh)


def test_a_password_that_was_good_beside_a_code_is_too_short_alone(client, cast, enter, as_):
    """NIST 800-63B-4 3.1.1.2: switching codes off does not leave eight characters as the only factor."""
    short = "gr8-heron"
    with as_(cast.ana) as uow:
        identity_of(uow, cast.eve.employee_id).password_hash = uow.outside.passwords.hash(short)
    answer = enter(cast.eve.email, short)
    assert answer.status_code == 422
    assert "needs 15 characters" in answer.text
    assert client.get("/c/acme/").status_code == 303
    with as_(cast.ana) as uow:
        assert "new password" in subjects(uow, cast.eve.email)[-1]
        ask_for_codes(uow)
    assert enter(cast.eve.email, short).headers["Location"] == "/c/acme/sign-in/set-up"


def test_sign_in_without_a_form_token_is_refused(client, cast):
    """T125: nobody can be signed in to somebody else's session by a page elsewhere."""
    data = {"email": cast.eve.email, "password": PASSWORD}
    assert client.post("/c/acme/sign-in", data=data).status_code == 403
    client.sign_out()
    token = client.form_token()
    client.delete_cookie("__Host-form", domain="localhost")
    assert client.post("/c/acme/sign-in", data={**data, "csrf_token": token}).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.send("/c/acme/sign-in", data, headers=headers).status_code == 403
    assert client.send("/c/acme/sign-in", data, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_form_token_from_before_the_sign_in_is_worth_nothing_after_it(client, cast, enter):
    """T121: a token that somebody planted before the sign-in does not act for the person."""
    planted = client.form_token()
    enter(cast.eve.email)
    answer = client.post("/c/acme/sessions/end", data={"csrf_token": planted})
    assert answer.status_code == 403
    assert client.get("/c/acme/sessions").status_code == 200


@pytest.mark.parametrize("typed", ["\u202eeve@acme.example", "é" * 254, "' OR 1=1 --", "{{7*7}}"])
def test_odd_input_is_only_wrong(enter, typed):
    assert enter(typed, WRONG).status_code == 422


def test_a_password_of_great_length_is_only_wrong(enter, cast):
    assert enter(cast.eve.email, "x" * 100_000).status_code == 422


def _words(answer, email: str) -> str:
    text = answer.text.replace(email, "EMAIL")
    start = text.index("<main")
    body = text[start : text.index("</main>")]
    return "\n".join(line for line in body.splitlines() if "csrf_token" not in line)


def _count_checks(monkeypatch) -> list[bool]:
    """Counts the checks that the real hasher makes; it still makes each of them."""
    checks: list[bool] = []
    real = PasswordHasher.verify

    def counted(self, stored, password):
        found = real(self, stored, password)
        checks.append(found)
        return found

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return checks


def _enter_from(client, ip: str, email: str, password: str):
    data = {"email": email, "password": password}
    return client.send("/c/acme/sign-in", data, environ_base={"REMOTE_ADDR": ip})
