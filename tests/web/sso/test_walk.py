"""Signing in through the vendors: the whole way, and everything on it that must be refused (T1 to T13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from portal.domain import backoff
from portal.models import Employee, SignInAttempt
from portal.services import sign_in_links
from portal.services.sign_in_links import LinkPurpose
from portal.services.sso import trip_limits
from tests.factories.people import PASSWORD
from tests.web.sso.conftest import EVE, GOOGLE, let_strangers_in


def test_the_button_leads_through_the_vendor_home(walks, kind):
    assert walks.path(kind) in walks.client.page("/c/acme/sign-in")
    answer = walks.arrive(kind)
    assert (answer.status_code, answer.location) == (303, "/c/acme/"), walks.denials()
    assert "Eve" in walks.client.get("/c/acme/profile").text


def test_an_invitation_is_accepted_with_the_vendors_account(walks, kind, as_, cast):
    """Joining (a): the link from the mail, opened in the browser that goes to the vendor."""
    with as_(cast.ana) as uow:
        otto = uow.session.scalars(select(Employee).where(Employee.id == cast.otto.employee_id)).one()
        link, _ = sign_in_links.issue(uow, otto, LinkPurpose.INVITATION)
    token = link.rpartition("/")[2]
    oid = "88888888-2222-4333-8444-555555555555"
    walks.vendors.knows("otto", **{**EVE[kind], "oid": oid, "email": cast.otto.email})
    assert f"invitation={token}" in walks.client.page(f"/c/acme/invitations/{token}")
    assert walks.arrive(kind, "otto", invitation=token).location == "/c/acme/", walks.denials()
    assert "Otto" in walks.client.get("/c/acme/profile").text
    walks.client.sign_out()
    assert walks.client.get(f"/c/acme/invitations/{token}").status_code == 410
    assert walks.arrive(kind, "otto").location == "/c/acme/", "from now on without the link"


def test_an_invitation_in_another_persons_browser_gives_them_nothing(walks, kind, as_, cast):
    with as_(cast.ana) as uow:
        otto = uow.session.scalars(select(Employee).where(Employee.id == cast.otto.employee_id)).one()
        link, _ = sign_in_links.issue(uow, otto, LinkPurpose.INVITATION)
    token = link.rpartition("/")[2]
    stranger = {**EVE[kind], "oid": "88888888-2222-4333-8444-555555555555", "email": "else@acme.example"}
    walks.vendors.knows("stranger", **stranger)
    before = walks.counts()
    assert walks.arrive(kind, "stranger", invitation=token).status_code == 403
    assert walks.denials()[-1]["reason"] == "address-invited"
    assert walks.counts() == before


def test_strangers_of_a_verified_domain_come_in_where_the_company_says_so(walks, kind, cast):
    """Joining (b): as an employee, and no more."""
    let_strangers_in(walks, kind)
    nora = {"oid": "99999999-2222-4333-8444-555555555555", "email": "nora@acme.example"}
    nora |= {"preferred_username": "nora@acme.example", "given_name": "Nora", "family_name": "Nová"}
    walks.vendors.knows("nora", **{**EVE[kind], **nora})
    assert walks.arrive(kind, "nora").location == "/c/acme/", walks.denials()
    assert "Nora" in walks.client.get("/c/acme/profile").text
    assert walks.client.get("/c/acme/settings").status_code == 403
    walks.client.sign_out()
    before = walks.counts()
    assert walks.arrive(kind, "nora").location == "/c/acme/"
    assert walks.counts()[:2] == before[:2], "the second time she is known"


def test_a_missing_name_has_a_page_of_its_own(walks, kind):
    let_strangers_in(walks, kind)
    nora = {**EVE[kind], "oid": "99999999-2222-4333-8444-555555555555", "email": "nora@acme.example"}
    nora["family_name"] = ""
    walks.vendors.knows("nora", **nora)
    answer = walks.arrive(kind, "nora")
    assert answer.status_code == 422
    assert "did not send your name" in answer.text


def test_a_person_reads_in_their_history_by_which_provider_they_came(walks, kind):
    walks.arrive(kind)
    page = walks.client.page("/c/acme/sessions")
    assert "Single sign-on (" in page
    assert "Right" in page


def test_too_many_bad_trips_make_an_address_wait_and_nobody_else(walks, cast, clock):
    """ASVS 2.4.1, 6.3.1: the next trip is not begun; a password still opens the door, also from there."""
    walks.vendors.knows("mallory", **{**EVE[GOOGLE], "email": "mallory@acme.example"})
    assert walks.arrive(GOOGLE, "mallory").status_code == 403
    waiting = walks.to_vendor(GOOGLE)
    with walks.nobody() as uow:
        counted = select(SignInAttempt).where(SignInAttempt.step == "sso", SignInAttempt.succeeded.is_(False))
        [row] = uow.session.scalars(counted)
        uow.request = replace(uow.request, ip=row.ip)
        for _ in range(backoff.FREE_OF_ONE_ADDRESS - 1):
            trip_limits.note_failure(uow)
    refused = walks.client.get(walks.path(GOOGLE))
    assert refused.status_code == 429 and "Another way to sign in" in refused.text
    assert walks.client.get(walks.vendors.walk(waiting)).status_code == 429, "nor is one ended"
    other = walks.client.get(walks.path(GOOGLE), environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 303
    answer = walks.client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    assert answer.location == "/c/acme/"
    walks.client.sign_out()
    clock.advance(backoff.FIRST_WAIT)
    assert walks.client.get(walks.path(GOOGLE)).status_code == 303


def test_too_many_trips_begun_make_an_address_wait(walks, monkeypatch, clock):
    monkeypatch.setattr(trip_limits, "MOST_STARTS", 2)
    for status in (303, 303, 429):
        assert walks.client.get(walks.path(GOOGLE)).status_code == status
    clock.advance(timedelta(minutes=10, seconds=1))
    assert walks.client.get(walks.path(GOOGLE)).status_code == 303


def test_a_page_of_another_site_begins_no_trip_by_a_picture(walks):
    for part in ("image", "iframe", "empty"):
        assert walks.client.get(walks.path(GOOGLE), headers={"Sec-Fetch-Dest": part}).status_code == 400
    assert walks.client.get(walks.path(GOOGLE), headers={"Sec-Fetch-Dest": "document"}).status_code == 303
