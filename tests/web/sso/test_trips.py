"""Trips to a vendor are single, short, and bound to one browser, provider and company (T5, T7, T8, T10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.domain.sso import ProviderState
from portal.models import Employee, IdentityProvider
from tests.factories.identity_providers import give_account, make_provider
from tests.factories.sign_in import ask_for_codes, bind_phone
from tests.fixtures.letters import code_in, latest
from tests.fixtures.page_checks import without_tokens
from tests.web.sso.conftest import EVE, GOOGLE, MICROSOFT


def test_the_person_lands_where_they_wanted(walks, kind):
    assert walks.arrive(kind, after="/c/acme/profile").location == "/c/acme/profile"


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "/c/beta/", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere(walks, kind, after):
    """T48's list, for this way in."""
    assert walks.arrive(kind, after=after).location == "/c/acme/"


def test_an_answer_without_a_state_is_refused(walks, kind):
    """T7."""
    assert walks.client.get(f"{walks.path(kind)}/callback?code=x").status_code == 400
    assert walks.client.get(f"{walks.path(kind)}/callback?code=x&state=made-up").status_code == 400


def test_another_browsers_answer_is_refused_and_used_up(walks, kind, app):
    """T7: the attacker's answer in the victim's browser signs nobody in, and is worth nothing afterwards."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    other = app.test_client()
    other.get(walks.path(kind))  # the victim has a cookie of their own
    assert other.get(came_back).status_code == 400
    assert walks.denials()[-1]["reason"] == "browser"
    assert walks.client.get(came_back).status_code == 400


def test_an_answer_counts_once(walks, kind):
    """T10."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    assert walks.client.get(came_back).status_code == 303
    walks.client.sign_out()
    assert walks.client.get(came_back).status_code == 400


def test_an_answer_of_one_provider_is_none_of_another(walks, kind):
    """T8: code and state of one provider at the address of the other."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    other = MICROSOFT if kind is GOOGLE else GOOGLE
    mixed = came_back.replace(str(walks.ids[kind]), str(walks.ids[other]))
    assert walks.client.get(mixed).status_code == 400
    assert walks.client.get(came_back).status_code == 400, "it is used up"


def test_an_answer_that_names_another_issuer_is_refused(walks, kind):
    """T8, RFC 9207: the vendor says in the address who it is."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind)).partition("&iss=")[0]
    assert walks.client.get(f"{came_back}&iss=https://evil.example").status_code == 403
    assert walks.denials()[-1]["reason"] == "issuer"


def test_an_answer_after_ten_minutes_is_too_late(walks, kind, clock):
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    clock.move_to(clock.now() + timedelta(minutes=10))
    assert walks.client.get(came_back).status_code == 400


def test_another_companys_address_knows_nothing_of_it(walks, kind):
    """T99: the trip of Acme, the provider of Acme, under Beta's name."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    assert walks.client.get(came_back.replace("/c/acme/", "/c/beta/")).status_code == 404
    assert walks.client.get(walks.path(kind).replace("/c/acme/", "/c/beta/")).status_code == 404


def test_the_same_account_in_two_companies_is_two_ways_in(walks, kind, as_, cast):
    """T99: Beta's provider with the very same vendor, client and subject opens nothing of Acme, nor Acme's of Beta."""
    subject = "eve" if kind is GOOGLE else f"{EVE[MICROSOFT]['tid']}:{EVE[MICROSOFT]['oid']}"
    with as_(cast.zoe) as uow:
        provider = make_provider(uow, kind)
        give_account(uow, provider, cast.bea.employee_id, subject)
    assert walks.arrive(kind).location == "/c/acme/"
    page = walks.client.get("/c/acme/profile").text
    assert "Eve" in page
    assert "Bea" not in without_tokens(page)
    assert walks.client.get("/c/beta/profile").status_code == 303


def test_who_turns_back_at_the_vendor_is_told_so(walks, kind):
    walks.vendors.tell(deny=True)
    answer = walks.arrive(kind)
    assert answer.status_code == 400
    assert "not finished" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text, "a number to ask for help with"
    assert walks.denials()[-1]["reason"] == "completed"


@pytest.mark.parametrize("state", [ProviderState.DRAFT, ProviderState.TESTED, ProviderState.OFF])
def test_only_an_active_provider_is_a_door(walks, kind, state):
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    with walks.nobody() as uow:
        uow.session.execute(
            update(IdentityProvider).where(IdentityProvider.id == walks.ids[kind]).values(state=state)
        )
    assert walks.client.get(walks.path(kind)).status_code == 404
    assert walks.path(kind) not in walks.client.page("/c/acme/sign-in")
    assert walks.client.get(came_back).status_code == 404


def test_who_left_stays_outside_and_reads_what_strangers_read(walks, kind, cast):
    with walks.nobody() as uow:
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))
    answer = walks.arrive(kind)
    assert answer.status_code == 403
    assert "ask your HR team" in answer.text
    assert walks.denials()[-1]["reason"] == "person-active"


def test_the_code_by_sms_is_asked_for_after_the_vendor(walks, kind, cast):
    with walks.nobody() as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
    answer = walks.arrive(kind, after="/c/acme/profile")
    assert answer.location == "/c/acme/sign-in/code?after=/c/acme/profile"
    assert walks.client.get("/c/acme/profile").status_code == 303
    with walks.nobody() as uow:
        code = code_in(latest(uow))
    answer = walks.client.send("/c/acme/sign-in/code", {"code": code, "after": "/c/acme/profile"})
    assert answer.location == "/c/acme/profile"
    assert walks.client.get("/c/acme/profile").status_code == 200


def test_a_vendor_that_asks_itself_spares_the_code(walks, kind):
    with walks.nobody() as uow:
        ask_for_codes(uow)
        uow.session.execute(update(IdentityProvider).values(asks_second_factor=True))
    assert walks.arrive(kind).location == "/c/acme/"
    assert walks.client.get("/c/acme/profile").status_code == 200


def test_neither_code_nor_token_is_kept_or_recorded(walks, kind):
    """What would open the account of somebody is in no table and in no event in the clear."""
    walks.vendors.tell(person="eve")
    came_back = walks.vendors.walk(walks.to_vendor(kind))
    walks.client.get(came_back)
    facts = walks.last_event("sign-in.succeeded")
    assert facts == {"reason": "Google" if kind is GOOGLE else "Microsoft"}
