"""A company goes from nothing to sign-in by a SAML provider made by others, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.integrations.sso.saml import read_certificate
from tests.factories.companies import make_company, work
from tests.factories.people import make_employee, make_site, make_team
from tests.fixtures.browser import check_accessibility
from tests.fixtures.cast import Member
from tests.fixtures.mini_idp import known_keys


@pytest.fixture
def ana(served) -> Member:
    """The admin of a company of its own, as nothing is rolled back here."""
    staffroom = served.app.extensions["staffroom"]
    with served.app.app_context():
        company = make_company(staffroom, "samlfirm", "Saml Firm")
        with work(staffroom, company) as uow:
            site = make_site(uow, "Prague")
            roles = ("employee", "hr", "admin")
            where = {"team": make_team(uow, "Care", site), "site": site}
            one = make_employee(uow, "ana@acme.example", "Ana", "Nová", roles=roles, **where)
            return Member(company, one.id, one.name, one.email, roles)


def set_up(page: Page, adfs) -> None:
    page.goto("/c/samlfirm/settings/sign-in")
    page.get_by_role("link", name="Add a provider").click()
    page.get_by_label("SAML 2.0").check()
    page.get_by_label("Name on the button").fill("Acme login")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme login")
    check_accessibility(page)
    page.get_by_label("Metadata file").set_input_files(
        {"name": "adfs.xml", "mimeType": "application/xml", "buffer": adfs.metadata()}
    )
    page.get_by_role("button", name="Read metadata").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your provider?")
    thumbprint = read_certificate(known_keys("adfs").certificate).thumbprint
    expect(page.get_by_text(thumbprint)).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_role("alert")).to_contain_text("Compare the thumbprint")
    page.get_by_label("I have compared this thumbprint").check()
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("The provider is known now")).to_be_visible()


def test_from_nothing_to_signed_in(served, visit, ana, adfs):
    page = visit(ana)
    set_up(page, adfs)
    page.get_by_role("link", name="Test sign-in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme login")
    page.get_by_role("link", name="Sign in as eve").click()
    expect(page.get_by_text("Signed with a confirmed certificate")).to_be_visible()
    expect(page.get_by_text("eve-at-adfs").first).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name="Back to the provider").click()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("The button is on the sign-in page now")).to_be_visible()
    link_own_account(page)
    sign_in(visit(), "eve")


def link_own_account(page: Page) -> None:
    page.goto("/c/samlfirm/sign-in-methods")
    page.get_by_role("button", name="Link").click()
    page.get_by_role("link", name="Go on to the provider").click()
    page.get_by_role("link", name="Sign in as eve").click()
    expect(page.get_by_text("Your account is linked")).to_be_visible()


def sign_in(page: Page, account: str) -> None:
    page.goto("/c/samlfirm/sign-in")
    page.get_by_role("link", name="Sign in with Acme login").click()
    page.get_by_role("link", name=f"Sign in as {account}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Ana")
