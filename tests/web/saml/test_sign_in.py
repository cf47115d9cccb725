"""Signing in by the company's SAML provider: the good way in, and every way in which it stays shut."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.sso import Joining, ProviderState
from portal.models import Employee, Identity, IdentityProvider, Role, RoleGrant, UsedAssertion
from portal.services.sso import replay_wall
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.companies import OPERATOR
from tests.factories.identity_providers import verify_domain
from tests.fixtures.cast import Member
from tests.fixtures.mini_idp import MiniIdp, known_keys
from tests.fixtures.page_checks import without_tokens
from tests.web.saml.conftest import CROSS_COOKIE, settings_of


def is_in(client) -> bool:
    return client.get_cookie(SESSION_COOKIE, domain="localhost") is not None


def nobody(company) -> Member:
    return Member(company, None, OPERATOR.name, OPERATOR.email, ())


def test_the_sign_in_page_offers_the_provider(client, world):
    page = client.get("/c/acme/sign-in").text
    assert f'href="{world.start}"' in page
    assert "Sign in with Acme login" in page


def test_a_person_comes_in(client, cast, leave):
    trip = leave()
    answer = trip.finish()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/")
    assert is_in(client)
    assert "Eve" in client.get("/c/acme/").text


def test_they_land_where_they_wanted_to_go(leave):
    assert leave("?after=/c/acme/absences").finish().headers["Location"] == "/c/acme/absences"
    for elsewhere in ("https://evil.test/", "//evil.test", "/c/beta/", "javascript:alert(1)"):
        assert leave(f"?after={elsewhere}").finish().headers["Location"] == "/c/acme/"


def test_the_cookie_of_the_trip_is_sent_with_posts_from_elsewhere_and_soon_over(client, world):
    """P3: a Lax cookie would not arrive; this one is good for ten minutes and for nothing else."""
    went = client.get(world.start)
    (cookie,) = [one for one in went.headers.getlist("Set-Cookie") if one.startswith(CROSS_COOKIE)]
    for part in ("Secure", "HttpOnly", "SameSite=None", "Path=/", "Max-Age=600"):
        assert part in cookie
    assert not [one for one in went.headers.getlist("Set-Cookie") if one.startswith("__Host-sso=")]


def test_the_answer_changes_pages_by_get(leave):
    """P3: a reload of the page must not post the answer again."""
    first = leave().post()
    assert first.status_code == 303
    assert "/arrival?ticket=" in first.headers["Location"]


@pytest.mark.parametrize(
    "forged", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "", "/c/acme/absences"]
)
def test_t48_relay_state_is_a_key_and_no_address(client, leave, forged):
    answer = leave().post(relay_state=forged)
    assert answer.status_code >= 400
    assert "Location" not in answer.headers
    assert forged == "" or forged not in answer.text
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_not_read(app, client, leave):
    """T27: unsolicited answers name no trip of this browser; IdP-initiated sign-in does not exist."""
    trip = leave()
    stranger = app.test_client()
    stranger.staffroom = client.staffroom
    trip.client = stranger
    answer = trip.post()
    assert answer.status_code >= 400
    assert "sign-in" in answer.text
    assert not is_in(stranger)


def test_t29_the_answer_to_another_browser_is_refused_and_burnt(app, client, leave, denials):
    """T29."""
    trip = leave()
    other = app.test_client()
    other.staffroom = client.staffroom
    theirs = leave(browser=other)
    assert theirs.post(trip.answer.posted(), relay_state=trip.relay_state).status_code >= 400
    assert '"reason": "browser"' in denials()[-1]
    assert trip.post().status_code >= 400
    assert not is_in(client) and not is_in(other)


def test_t29_the_answer_to_another_request_of_the_same_browser_is_refused(client, leave, denials):
    """T29."""
    first, second = leave(), leave()
    answer = second.finish(first.answer.posted())
    assert answer.status_code >= 400
    assert '"reason": "request"' in denials()[-1]
    assert not is_in(client)


def test_t39_the_same_answer_posted_again_is_refused(app, client, leave):
    trip = leave()
    posted = trip.answer.posted()
    assert trip.finish(posted).status_code == 303
    assert trip.post(posted).status_code >= 400
    other = app.test_client()
    other.staffroom = client.staffroom
    trip.client = other
    assert trip.post(posted).status_code >= 400
    assert not is_in(other)


def test_t39_an_assertion_is_good_once_whatever_trip_it_comes_by(client, leave, denials):
    """T39: the wall stands by itself, behind trips that are good once; hitting it is on record."""
    trip = leave()
    assert trip.finish().status_code == 303
    client.sign_out()
    again = leave()
    again.answer = again.answer.but(assertion_id=trip.answer.assertion_id)
    assert again.finish().status_code >= 400
    assert not is_in(client)
    assert '"reason": "replay"' in denials()[-1]


def test_the_ticket_between_the_legs_is_good_once_and_in_this_browser(app, client, leave):
    first = leave().post()
    other = app.test_client()
    other.staffroom = client.staffroom
    assert other.get(first.headers["Location"]).status_code >= 400
    assert client.get(first.headers["Location"]).status_code >= 400
    second = leave().post()
    assert client.get(second.headers["Location"]).status_code == 303
    assert client.get(second.headers["Location"]).status_code >= 400


def test_a_relay_state_is_no_ticket(client, leave, world):
    """Skipping the provider: the key of a trip that has not come back opens nothing."""
    trip = leave()
    assert client.get(f"{world.path}/arrival?ticket={trip.relay_state}").status_code >= 400
    assert not is_in(client)


def test_an_answer_after_ten_minutes_is_too_late(client, clock, leave):
    trip = leave()
    clock.advance(timedelta(seconds=601))
    trip.answer = trip.answer.but(now=clock.now())
    assert trip.post().status_code >= 400
    assert not is_in(client)


def test_t15_to_t40_what_is_not_genuine_opens_nothing_and_says_nothing(client, leave, denials):
    """One of each stage; the rest are in tests/integrations/saml."""
    cases = [
        ({}, {"assertion": False}, "assertion"),
        ({}, {"keys": known_keys("foreign")}, "signature"),
        ({"destination": None}, {}, "destination"),
        ({"in_response_to": None}, {}, "request"),
        ({"recipient": None}, {}, "recipient"),
        ({"audiences": []}, {}, "audience"),
        ({"ends": None}, {}, "expiry"),
    ]
    for changes, how, reason in cases:
        trip = leave()
        trip.answer = trip.answer.but(**changes)
        answer = trip.finish(**how)
        assert 400 <= answer.status_code < 500
        assert "Eve" not in without_tokens(answer.text) and "eve@" not in answer.text
        assert f'"reason": "{reason}"' in denials()[-1]
        assert not is_in(client)


def test_clocks_that_disagree_have_a_page_of_their_own(leave):
    trip = leave()
    trip.answer = trip.answer.but(ends=trip.answer.at(-100))
    assert "clock" in trip.finish().text.lower()


def test_a_failed_sign_in_over_there_is_no_fault(leave):
    trip = leave()
    trip.answer = trip.answer.but(status="urn:oasis:names:tc:SAML:2.0:status:Responder")
    answer = trip.finish()
    assert answer.status_code >= 400
    assert "Sign-in not finished" in answer.text


@pytest.mark.parametrize("posted", ["", "!", "PHg+", "x" * 400_000], ids=["none", "signs", "xml", "large"])
def test_t43_rubbish_is_refused_at_once(client, leave, posted):
    trip, started = leave(), perf_counter()
    assert 400 <= trip.finish(posted).status_code < 500
    assert perf_counter() - started < 1
    assert not is_in(client)


def test_t43_a_form_of_five_megabytes_is_not_taken_in(client, world):
    started = perf_counter()
    answer = client.post(f"{world.path}/acs", data={"SAMLResponse": "x" * 5_000_000, "RelayState": "x"})
    assert answer.status_code in {400, 413}
    assert perf_counter() - started < 1


def test_t44_a_provider_speaks_for_its_own_company_only(as_, cast, client, staffroom, world, make_world):
    """T44: Beta registers Acme's provider by its entity ID and keys, and asserts Eve: only Beta is reachable."""
    beta = make_world("beta", MiniIdp())
    with as_(nobody(cast.beta)) as uow:
        verify_domain(uow, "beta.example")
    trip = beta.leave(client, staffroom)
    trip.answer = trip.answer.but(subject="otto-at-the-idp", attributes={"mail": [cast.eve.email]})
    assert trip.finish().status_code >= 400
    assert not is_in(client)
    into_acme = beta.leave(client, staffroom)
    into_acme.path = world.path
    assert into_acme.post().status_code >= 400
    good = beta.leave(client, staffroom)
    assert good.finish().headers["Location"] == "/c/beta/"
    assert "Bea" in client.get("/c/beta/").text
    assert client.get("/c/acme/").status_code == 303


def test_t26_a_comment_in_the_name_makes_it_nobody(client, leave, denials):
    trip = leave()
    trip.answer = trip.answer.but(subject_xml="eve-at-the-idp<!---->.evil.test")
    assert trip.finish().status_code >= 400
    assert "eve-at-the-idp.evil.test" in denials()[-1]
    assert not is_in(client)


def test_t45_attributes_give_no_right_that_nobody_mapped(as_, cast, client, make_world, staffroom):
    """T45: a stranger of the company's domain joins with names from attributes, and with the mapped role only."""
    with as_(nobody(cast.acme)) as uow:
        verify_domain(uow, "acme.example")
    mapping = {"planners": "planner", "bosses": "admin"}
    world = make_world(joining=Joining.VERIFIED_DOMAINS, role_mapping=mapping)
    trip = world.leave(client, staffroom)
    claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
    trip.answer = trip.answer.but(
        subject="nora-at-the-idp",
        attributes={
            f"{claims}/emailaddress": ["Nora@acme.example"],
            f"{claims}/givenname": ["Nora"],
            f"{claims}/surname": ["Nová"],
            "role": ["owner", "admin"],
            "http://schemas.xmlsoap.org/claims/Group": ["planners", "bosses"],
        },
    )
    assert trip.finish().status_code == 303
    with as_(nobody(cast.acme)) as uow:
        nora = uow.session.scalars(select(Employee).where(Employee.email == "nora@acme.example")).one()
        assert nora.name == "Nora Nová"
        held = select(Role.key).join(RoleGrant, RoleGrant.role_id == Role.id)
        roles = uow.session.scalars(held.where(RoleGrant.employee_id == nora.id)).all()
        assert set(roles) == {"employee", "planner"}


def test_an_address_never_finds_anybody(client, leave, as_, cast):
    """F4: an unknown NameID with Eve's address stays outside, and makes nothing."""
    trip = leave()
    trip.answer = trip.answer.but(subject="somebody-else", attributes={"mail": [cast.eve.email]})
    assert trip.finish().status_code >= 400
    with as_(nobody(cast.acme)) as uow:
        found = uow.session.scalar(
            select(func.count()).select_from(Identity).where(Identity.subject == "somebody-else")
        )
        assert found == 0
    assert not is_in(client)


@pytest.mark.parametrize("state", [ProviderState.DRAFT, ProviderState.TESTED, ProviderState.OFF])
def test_only_an_active_provider_opens_a_door(client, make_world, state):
    assert client.get(make_world(state=state).start).status_code == 404


def test_t42_a_host_that_is_not_ours_never_reaches_the_answer(app, client, leave, monkeypatch):
    """T42: the address in a message is compared with our own, and production knows its own host."""
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    trip = leave()
    evil = f"http://evil.test{trip.path}/acs"
    data = {
        "SAMLResponse": trip.answer.but(destination=evil, recipient=evil).posted(),
        "RelayState": trip.relay_state,
    }
    answer = client.post(f"{trip.path}/acs", data=data, headers={"Host": "evil.test"})
    assert answer.status_code == 400
    assert trip.finish().status_code == 303, "the trip was not even used up"


def test_t42_without_that_list_the_host_is_not_asked_either(client, leave, denials):
    trip = leave()
    evil = f"http://evil.test{trip.path}/acs"
    trip.answer = trip.answer.but(destination=evil, recipient=evil)
    assert trip.finish().status_code >= 400
    assert '"reason": "destination"' in denials()[-1]
    assert not is_in(client)


def test_a_provider_switched_off_meanwhile_opens_nothing(as_, cast, client, leave, world):
    trip = leave()
    with as_(nobody(cast.acme)) as uow:
        row = uow.session.scalars(
            select(IdentityProvider).where(IdentityProvider.id == world.provider_id)
        ).one()
        row.state = ProviderState.OFF
    assert trip.finish().status_code == 404
    assert not is_in(client)


def test_our_paper_is_for_everybody_who_knows_its_address(client, world):
    answer = client.get(f"{world.path}/metadata")
    assert answer.status_code == 200
    assert answer.mimetype == "application/samlmetadata+xml"
    assert f'entityID="http://localhost{world.path}/metadata"'.encode() in answer.data
    assert f'Location="http://localhost{world.path}/acs"'.encode() in answer.data
    assert client.get(f"/c/acme/saml/{uuid4()}/metadata").status_code == 404
    assert client.get(f"/c/beta/saml/{world.provider_id}/metadata").status_code == 404


def test_the_wall_forgets_what_is_too_old_anyway(as_, cast, clock, leave):
    assert leave().finish().status_code == 303
    count = select(func.count()).select_from(UsedAssertion)
    with as_(nobody(cast.acme)) as uow:
        replay_wall.forget_expired(uow)
        assert uow.session.scalar(count) == 1
    clock.advance(timedelta(seconds=361))
    with as_(nobody(cast.acme)) as uow:
        replay_wall.forget_expired(uow)
        assert uow.session.scalar(count) == 0


def test_two_certificates_are_good_side_by_side(client, make_world, staffroom):
    idp, new = MiniIdp(), known_keys("next")
    certificates = [idp.keys.certificate, new.certificate]
    world = make_world(idp=idp, settings={**settings_of(idp), "certificates": certificates})
    assert world.leave(client, staffroom).finish(keys=new).status_code == 303
    assert world.leave(client, staffroom).finish().status_code == 303
