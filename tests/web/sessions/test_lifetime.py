"""How long a session lives, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.domain.refusals import Refusal
from portal.models import Employee
from portal.services import sessions
from portal.web.session_cookies import ACCESS_COOKIE, SESSION_COOKIE

PAGE = "/c/acme/sessions"


def _token(client, name: str = ACCESS_COOKIE) -> str | None:
    cookie = client.get_cookie(name, domain="localhost")
    return cookie.value if cookie is not None else None


def test_half_an_hour_without_use_ends_it(client, cast, clock):
    """T84, ASVS 7.3.1."""
    client.sign_in(cast.eve)
    clock.advance(timedelta(minutes=30, seconds=-1))
    assert client.get(PAGE).status_code == 200
    clock.advance(timedelta(minutes=30))
    assert client.get(PAGE).headers["Location"] == "/c/acme/sign-in?after=/c/acme/sessions"
    assert "Your session has ended" in client.page("/c/acme/sign-in")


def test_twelve_hours_end_it_however_busy(client, cast, clock):
    """T84, ASVS 7.3.2."""
    client.sign_in(cast.eve)
    for _ in range(12 * 3 - 1):
        clock.advance(timedelta(minutes=20))
        assert client.get(PAGE).status_code == 200
    clock.advance(timedelta(minutes=20))
    assert client.get(PAGE).status_code == 303


def test_the_access_token_is_renewed_after_a_minute(client, cast, clock):
    """T77: at 59 s it is the same, at 66 s a new one comes with the page and nobody notices."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    first = _token(client)
    clock.advance(timedelta(seconds=59))
    assert client.get(PAGE).status_code == 200
    assert _token(client) == first
    clock.advance(timedelta(seconds=7))
    assert client.get(PAGE).status_code == 200
    assert _token(client) != first


def test_an_expired_token_without_its_session_is_nothing(client, cast, clock):
    """T77: the token alone opens no page, not even within its minute."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    client.delete_cookie(SESSION_COOKIE, domain="localhost")
    assert client.get(PAGE).status_code == 303


def test_somebody_elses_token_beside_ones_own_session_is_refused(client, cast):
    client.sign_in(cast.mats)
    client.get(PAGE)
    stolen = _token(client)
    client.sign_in(cast.eve)
    client.set_cookie(ACCESS_COOKIE, stolen, domain="localhost", secure=True)
    assert client.get(PAGE).status_code == 303


@pytest.mark.parametrize("forged", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_token_ends_the_visit(client, cast, forged):
    """T67 in the browser."""
    client.sign_in(cast.eve)
    client.set_cookie(ACCESS_COOKIE, forged, domain="localhost", secure=True)
    assert client.get(PAGE).status_code == 303


def test_a_session_of_one_company_opens_no_other(client, cast):
    """T99."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    assert client.get("/c/beta/sessions").headers["Location"].startswith("/c/beta/sign-in")


def test_after_signing_out_the_old_cookies_write_and_read_nothing(client, cast):
    """T78: at once, not after the token's minute."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    old = {name: _token(client, name) for name in (SESSION_COOKIE, ACCESS_COOKIE)}
    answer = client.send("sign-out")
    assert answer.headers["Location"] == "/c/acme/sign-in"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert _token(client, SESSION_COOKIE) is None
    for name, value in old.items():
        client.set_cookie(name, value, domain="localhost", secure=True)
    assert client.get(PAGE).status_code == 303
    assert client.send("/c/acme/sessions/end").headers["Location"] == "/c/acme/sign-in"


def test_signing_out_needs_the_form_token_and_a_post(client, cast):
    """T125: no page elsewhere signs anybody out."""
    client.sign_in(cast.eve)
    assert client.post("/c/acme/sign-out").status_code == 403
    assert client.get("/c/acme/sign-out").status_code == 405
    assert client.send("sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(PAGE).status_code == 200


def test_who_is_deactivated_is_out_at_once(client, cast, as_):
    """T79."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    with as_(cast.ana) as uow:
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))
    assert client.send("sessions/end").headers["Location"] == "/c/acme/sign-in"
    assert client.get(PAGE).status_code == 303


def test_a_form_sent_by_htmx_after_the_session_died_moves_the_window(client, cast, clock):
    """T127: no sign-in page inside a part of the page, no false success."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    clock.advance(timedelta(minutes=31))
    answer = client.send("sessions/others/end", htmx=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/c/acme/sign-in")
    assert answer.data == b""


def test_head_follows_the_same_rule_and_options_tells_only_methods(client, cast):
    """T95."""
    assert client.head(PAGE).status_code == 303
    answer = client.options(PAGE)
    assert answer.data == b""
    overridden = client.post(PAGE, headers={"X-HTTP-Method-Override": "GET"})
    assert overridden.status_code in {403, 405}


def test_parallel_requests_with_an_expired_token_all_succeed(client, cast, clock):
    """F13: no rotation, so no false logout when htmx asks for five parts at once."""
    client.sign_in(cast.eve)
    client.get(PAGE)
    stale = {name: _token(client, name) for name in (SESSION_COOKIE, ACCESS_COOKIE)}
    clock.advance(timedelta(seconds=90))
    for _ in range(5):
        for name, value in stale.items():
            client.set_cookie(name, value, domain="localhost", secure=True)
        assert client.get(PAGE).status_code == 200


def test_an_admin_ends_all_sessions_of_a_person(client, cast, as_):
    """T84, ASVS 7.4.5."""
    client.sign_in(cast.eve)
    with as_(cast.ana) as uow:
        assert sessions.end_all_of_person(uow, cast.eve.employee_id) == 1
    assert client.get(PAGE).status_code == 303


def test_nobody_else_ends_sessions_of_a_person(cast, as_):
    for member in (cast.mats, cast.otto):
        with as_(member) as uow, pytest.raises(Refusal):
            sessions.end_all_of_person(uow, cast.eve.employee_id)
