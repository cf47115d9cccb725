"""Whoever stays outside reads what happened and what to do; a stranger learns nothing; the admin reads why."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain import backoff
from portal.models import Employee
from portal.services import audit_log, sign_in_links
from portal.services.audit_filter import LogFilter
from portal.services.sign_in_links import LinkPurpose
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.people import PASSWORD
from tests.factories.sign_in import app_code, ask_for_codes, bind_phone, set_up_app
from tests.fixtures.page_checks import without_tokens
from tests.web.sso.conftest import EVE, GOOGLE, MICROSOFT, let_strangers_in

WRONG = "not the right password at all"


def log(walks) -> list[dict]:
    """The facts of every failure on record, the newest last."""
    actions = ("sign-in.failed", "sso.denied")
    with walks.nobody() as uow:
        events = audit_log.list_events(uow, LogFilter(actions=actions)).events
    return [{**event.facts, "about": event.subject_id} for event in reversed(events)]


def enter(walks, email: str, password: str = PASSWORD, ip: str = "192.0.2.77"):
    where = {"environ_overrides": {"REMOTE_ADDR": ip}}
    return walks.client.send("/c/acme/sign-in", {"email": email, "password": password}, **where)


def wrong_password(walks, cast, _clock):
    return enter(walks, cast.eve.email, WRONG)


def locked(walks, cast, _clock):
    for _ in range(backoff.FREE_AT_ONE_ADDRESS):
        enter(walks, cast.eve.email, WRONG)
    enter(walks, cast.eve.email)
    return enter(walks, cast.eve.email)


def invite(walks, cast) -> str:
    with walks.nobody() as uow:
        otto = uow.session.scalars(select(Employee).where(Employee.id == cast.otto.employee_id)).one()
        return sign_in_links.issue(uow, otto, LinkPurpose.INVITATION)[0].rpartition("/")[2]


def expired_invitation(walks, cast, clock):
    token = invite(walks, cast)
    clock.advance(timedelta(days=8))
    walks.client.get(f"/c/acme/invitations/{token}")
    return walks.client.get(f"/c/acme/invitations/{token}")


def expired_invitation_by_provider(walks, cast, clock):
    token = invite(walks, cast)
    clock.advance(timedelta(days=8))
    return walks.client.get(walks.path(GOOGLE), query_string={"invitation": token})


def provider_down(walks, _cast, _clock):
    walks.vendors.tell(down="all")
    return walks.client.get(walks.path(MICROSOFT))


def provider_down_afterwards(walks, _cast, _clock):
    walks.vendors.tell(down="token")
    return walks.arrive(GOOGLE)


def clock_skew(walks, _cast, clock):
    walks.vendors.tell(forge={"claims": {"iat": int(clock.now().timestamp()) + 120}})
    return walks.arrive(GOOGLE)


def missing_attribute(walks, _cast, _clock):
    let_strangers_in(walks, MICROSOFT)
    oid = "99999999-2222-4333-8444-555555555555"
    nora = {**EVE[MICROSOFT], "oid": oid, "email": "nora@acme.example", "family_name": ""}
    walks.vendors.knows("nora", **nora)
    return walks.arrive(MICROSOFT, "nora")


def not_admitted(walks, _cast, _clock):
    walks.vendors.knows("mallory", **{**EVE[GOOGLE], "email": "mallory@acme.example"})
    return walks.arrive(GOOGLE, "mallory")


#: What happens; the status, the words that are there, the reason on record and how many times.
CASES = [
    (wrong_password, 422, "E-mail and password do not match", "wrong-password", 1),
    (locked, 429, "Too many tries", "too-many-tries", 1),
    (expired_invitation, 410, "This link no longer works", "dead-invitation", 1),
    (expired_invitation_by_provider, 422, "This link no longer works", "dead-invitation", 1),
    (provider_down, 503, "The provider does not answer", "reached", 1),
    (provider_down_afterwards, 503, "The provider does not answer", "reached", 1),
    (clock_skew, 422, "The clocks do not agree", "issued", 1),
    (missing_attribute, 422, "did not send your name", "name-given", 1),
    (not_admitted, 403, "No access with this account", "person-known", 1),
]


@pytest.mark.parametrize(
    ("happens", "status", "said", "reason", "times"), CASES, ids=[one[0].__name__ for one in CASES]
)
def test_each_has_its_own_page_and_its_event(walks, cast, clock, happens, status, said, reason, times):
    walks.vendors.knows("eve", **EVE[GOOGLE])
    answer = happens(walks, cast, clock)
    assert answer.status_code == status
    assert said in answer.text
    assert walks.client.get_cookie(SESSION_COOKIE, domain="localhost") is None
    for name in ("Eve", "Malá", "Otto", "Nora", "Mats"):
        assert name not in without_tokens(answer.text), "nobody of the company is named"
    assert [one["reason"] for one in log(walks)].count(reason) == times
    walks.client.sign_in(cast.ana)
    assert f"<td>{reason}" not in walks.client.page("/c/acme/settings/sign-in/log"), "the admin reads words"


def test_an_unknown_company_is_no_page_and_in_nobodys_log(walks, client):
    """There is no company whose log it could be in; the start page says what to check."""
    before = len(log(walks))
    answer = client.send("/", {"company": "nosuch"})
    assert answer.status_code == 422 and "No company has this short name" in answer.text
    page = client.get("/c/nosuch/sign-in")
    assert page.status_code == 404 and "No company has this address" in page.text
    assert client.get(f"/c/nosuch/sso/{uuid4()}").status_code == 404
    assert len(log(walks)) == before


def test_an_invented_link_is_nobodys(walks, client):
    assert client.get(f"/c/acme/invitations/{'x' * 43}").status_code == 410
    assert log(walks) == []


def test_whose_password_is_guessed_at_everywhere_comes_in_by_their_provider(walks, cast, kind):
    """No throttle locks out a victim who holds a second way in."""
    for number in range(backoff.FREE_ANYWHERE):
        enter(walks, cast.eve.email, WRONG, ip=f"203.0.113.{number}")
    assert enter(walks, cast.eve.email).status_code == 429, "the right password has to wait as well"
    assert walks.arrive(kind).location == "/c/acme/"


def test_whose_messages_or_codes_are_used_up_comes_in_by_another_factor(walks, cast, clock):
    """The same at the second step: guesses at codes by SMS cost the app nothing."""
    with walks.nobody() as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
        secret = set_up_app(uow, cast.eve.employee_id)
    enter(walks, cast.eve.email)
    for _ in range(backoff.FREE_AT_ONE_ADDRESS + 1):
        walks.client.send("/c/acme/sign-in/code", {"code": "000000"})
    answer = walks.client.send("/c/acme/sign-in/authenticator", {"code": app_code(secret, clock)})
    assert answer.location == "/c/acme/"
