"""Attacks on support access by somebody of the staff: pages that a switch opens, tries after the end, every change."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import pytest

from portal.domain.permissions import Permission
from portal.domain.support import Area, SealedField
from portal.integrations.payments import StripePayments
from portal.services import audit, company_incidents, licences, operator_staff, support_access
from tests.factories.companies import work
from tests.fixtures.stripe_end import SECRET
from tests.web.support.test_incidents import browse, opened, search, session_of, told  # noqa: F401
from tests.web.support.test_visit import events
from tests.web.test_companies_apart import addresses, ids_of_acme

NAMES = itertools.count(1)


@pytest.fixture
def sam(house):
    return house.staff(f"Ray{next(NAMES)}")


@pytest.fixture
def switched_on(house, stripe_end):
    """Billing and licence files, each a switch of the installation; Acme is a customer with a bill."""
    outside = house.app.extensions["staffroom"].outside
    before = outside.payments, outside.licence_keys
    object.__setattr__(outside, "payments", StripePayments("sk_test_1", SECRET, "price_1", stripe_end.url))
    object.__setattr__(outside, "licence_keys", ("an issuer",))
    with house.as_(house.cast.ana) as uow:
        row = licences.locked_row(uow)
        row.stripe_customer = "cus_acme"
        audit.record(uow, audit.Action.LICENCE_CHANGED, subject=row)
    stripe_end.subscribe("cus_acme", quantity=5)
    yield stripe_end
    for name, value in zip(("payments", "licence_keys"), before, strict=True):
        object.__setattr__(outside, name, value)


def test_what_a_company_pays_and_agreed_opens_under_no_permission(house, sam, switched_on):
    """T190: neither bills nor the licence, with everything opened and every switch on; Stripe is not even asked."""
    house.inside(sam, house.cast.ana, *Area, sealed=tuple(SealedField), writes=True)
    for path in ("billing", "licence", "licence/file"):
        assert sam.get(f"/c/acme/{path}").status_code == 403, path
    for path in (
        "billing/checkout",
        "billing/portal",
        "licence/file",
        "licence/closing",
        "licence/taking-up",
    ):
        assert sam.post(f"/c/acme/{path}").status_code == 403, path
    assert switched_on.asked == []


def test_a_try_after_the_end_is_on_record(house, sam):
    """T191: in the company's log under the real name, thirty an hour, and in the operator's own every time."""
    cast = house.cast
    grant_id = house.inside(sam, cast.ana, Area.PEOPLE)
    with house.as_(cast.ana) as uow:
        support_access.end(uow, grant_id)
    assert sam.get("/c/acme/people").status_code == 403
    late = events(house, cast.ana)[0]
    assert (late.action, late.facts["reason"], late.facts["path"]) == (
        "support.turned-away",
        "support-over",
        "people",
    )
    assert (late.email, late.ip) == (sam.email, sam.ip)
    for _ in range(32):
        sam.get("/c/acme/settings")
    mine = [one for one in events(house, cast.ana, "support.turned-away") if one.email == sam.email]
    assert len(mine) == 30
    with house.operator() as working:
        kept = [one.action for one in operator_staff.list_events(working, 40) if one.email == sam.email]
    assert kept.count("tried after the end") == 33


def test_under_a_permission_to_look_no_address_changes_anything(house, sam):
    """T117: every POST of the portal, with everything opened to look at; to show a named number is no change."""
    with house.as_(house.cast.ana) as uow:
        ids = ids_of_acme(uow, house.cast)
    house.inside(sam, house.cast.ana, *Area, sealed=tuple(SealedField))
    went_on = {
        rule.endpoint
        for rule, address in addresses(house.app, "POST", ids, "acme")
        if sam.post(address).status_code not in {403, 404}
    }
    assert went_on == {"people.show_phone"}


def test_of_two_who_confirm_an_emergency_at_once_one_opens_it(house, sam):
    """T119: one opening, one event, one second name."""
    others = [house.staff(f"{name}{next(NAMES)}") for name in ("Kay", "Lee")]
    asked = {"company": "beta", "areas": ["people"], "reason": "Nobody answers"}
    page = sam.post("/operator/emergencies", asked).location
    barrier, answers = threading.Barrier(2), []

    def confirm(browser):
        barrier.wait(10)
        answers.append(browser.post(f"{page}/confirmation").status_code)

    threads = [threading.Thread(target=confirm, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [303, 409]
    assert len(events(house, house.cast.zoe, "support.emergency-opened")) == 1


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "X-Original-Host", "Forwarded"])
def test_no_header_turns_the_customers_host_into_the_staffs(house, header):
    """T42: the door of the staff is at its own name alone, whatever a request says beside it."""
    value = "host=support.localhost" if header == "Forwarded" else "support.localhost"
    answer = house.app.test_client().get(
        "/operator/sign-in", base_url="http://localhost", headers={header: value}
    )
    assert answer.status_code == 404


def test_a_report_names_people_to_readers_of_the_log_alone(house, sam, browse):  # noqa: F811
    """P14: somebody with all of an admin's rights but that one reads the report and the numbers."""
    ana = house.cast.ana
    page = opened(house, sam)
    search(house, sam, page, sessions=session_of(house, browse(house.cast.mats)))
    told(house, sam, page)
    held = {right: reach for right, reach in ana.actor.grants.items() if right is not Permission.AUDIT_VIEW}
    for grants, names in ((ana.actor.grants, True), (held, False)):
        with (
            house.app.app_context(),
            work(house.app.extensions["staffroom"], ana.company, replace(ana.actor, grants=grants)) as uow,
        ):
            incident, named = company_incidents.show(uow, company_incidents.list_told(uow)[0].id)
        assert incident.people_count == 1
        assert bool(named) is names
