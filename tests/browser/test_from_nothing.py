"""A fresh company goes from nothing to sign-in by its provider for everybody, for each kind, as its admin does it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.db import open_session
from portal.domain.sso import ProviderKind
from portal.integrations.dns import DnsLookup
from portal.integrations.sso.saml import read_certificate
from portal.services import sign_in_links
from portal.services.sign_in_links import LinkPurpose
from tests.factories.companies import work
from tests.factories.identity_providers import CLIENT, SECRET, TENANT
from tests.factories.people import PASSWORD, make_employee
from tests.fixtures.browser import ARGUMENTS, _note, check_accessibility
from tests.fixtures.letters import latest, link_in
from tests.fixtures.mini_idp import known_keys
from tests.fixtures.name_server import name_server
from tests.fixtures.vendors import HOSTS

NAMES = {
    ProviderKind.GOOGLE: "Google Workspace",
    ProviderKind.MICROSOFT: "Microsoft Entra ID",
    ProviderKind.SAML: "SAML 2.0",
}
Look = Callable[[Page, str], object]


@dataclass
class Fresh:
    """A company that was founded a moment ago, and its provider on the other side."""

    served: Any
    kind: ProviderKind
    vendors: Any
    adfs: Any
    zone: Any
    browser: Browser
    look: Look
    complaints: list[str]
    secret: str = ""

    @property
    def slug(self) -> str:
        return f"fresh-{self.kind.value}"

    @property
    def place(self) -> str:
        return f"/c/{self.slug}"

    @property
    def member(self) -> str:
        """What the member's account at the provider has as its address."""
        return "nora@acme.example" if self.kind is ProviderKind.SAML else f"nora@{self.slug}.example"

    def open(self, **options: Any) -> Page:
        """A browser of its own, with nothing in it."""
        context = self.browser.new_context(base_url=self.served.url, ignore_https_errors=True, **options)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: _note(self.complaints, message))
        return page

    def work(self):
        """A unit of work of the company by the operator."""
        with open_session(company_slug=self.slug) as session:
            company = session.info["company"]
        return work(self.served.app.extensions["staffroom"], company)


def found(fresh: Fresh) -> str:
    """What the operator does, and all they do: one command. The link of the invitation that goes out."""
    told = fresh.served.app.test_cli_runner().invoke(
        args=[
            "company", "create", fresh.slug, "--name", f"Fresh {fresh.kind.value}",
            "--admin-email", "ada@fresh.example", "--admin-first-name", "Ada", "--admin-last-name", "First",
        ]
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    with fresh.served.app.app_context(), fresh.work() as uow:
        return link_in(latest(uow, "ada@fresh.example"))


def come_in_and_protect_oneself(fresh: Fresh, page: Page, link: str) -> None:
    """A first password by the link of the mail, and an app, so that there can be an emergency admin."""
    page.goto(link)
    fresh.look(page, "welcome")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=repeated]").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Ada")
    page.goto(f"{fresh.place}/sessions")
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("Cannot scan it?").click()
    fresh.secret = page.locator("#app-key").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(fresh.secret).now())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I have kept them").click()


def show_that_the_domain_is_ours(fresh: Fresh, page: Page) -> None:
    """Google accounts count only for a domain that the company has shown to be its own."""
    domain = f"{fresh.slug}.example"
    page.goto(f"{fresh.place}/settings/domains")
    page.get_by_role("textbox", name="Domain").fill(domain)
    page.get_by_role("button", name="Add", exact=True).click()
    fresh.look(page, "domain")
    name, value = (page.locator(f"code[id^={one}-]").inner_text() for one in ("name", "value"))
    fresh.zone.txt(name, value)
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text(f"{domain} is verified")).to_be_visible()


def add_the_provider(fresh: Fresh, page: Page) -> None:
    """Administration, Sign-in, Add a provider; then step by step with the values that the page shows."""
    page.goto(f"{fresh.place}/administration")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Sign-in")).click()
    fresh.look(page, "sign-in-empty")
    page.get_by_role("link", name="Add a provider").click()
    fresh.look(page, "new")
    page.get_by_label(NAMES[fresh.kind]).check()
    page.get_by_label("Name on the button").fill("Work account")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Work account")
    fresh.look(page, "provider-draft")
    if fresh.kind is ProviderKind.SAML:
        take_metadata_over(fresh, page)
        return
    fresh.vendors.tell(redirect_uris=[page.locator("#redirect-uri").inner_text()])
    if fresh.kind is ProviderKind.MICROSOFT:
        page.get_by_label("Directory (tenant) ID").fill(TENANT)
    page.get_by_label(re.compile("lient.* ID")).fill(CLIENT[fresh.kind]["client_id"])
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_role("button", name="Save").click()
    fresh.look(page, "provider-saved")


def take_metadata_over(fresh: Fresh, page: Page) -> None:
    paper = {"name": "adfs.xml", "mimeType": "application/xml", "buffer": fresh.adfs.metadata()}
    page.get_by_label("Metadata file").set_input_files(paper)
    page.get_by_role("button", name="Read metadata").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your provider?")
    expect(page.get_by_text(read_certificate(known_keys("adfs").certificate).thumbprint)).to_be_visible()
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_role("alert")).to_contain_text("Compare the thumbprint")
    fresh.look(page, "saml-confirm")
    page.get_by_label("I have compared this thumbprint").check()
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("The provider is known now")).to_be_visible()
    fresh.look(page, "provider-saved")


def at_the_provider(fresh: Fresh, page: Page, account: str) -> None:
    """The other side's own page, where somebody picks their account."""
    name = f"Sign in as {account}" if fresh.kind is ProviderKind.SAML else account.capitalize()
    page.get_by_role("link", name=name, exact=True).click()


def try_it_and_switch_it_on(fresh: Fresh, page: Page) -> None:
    page.get_by_role("link", name="Test sign-in").click()
    at_the_provider(fresh, page, "eve")
    expect(page.get_by_text("this account would not be let in yet")).to_be_visible()
    expect(page.get_by_text("eve@").first).to_be_visible()
    fresh.look(page, "test")
    page.get_by_role("link", name="Back to the provider").click()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("The button is on the sign-in page now")).to_be_visible()
    fresh.look(page, "provider-on")


def link_and_require(fresh: Fresh, page: Page) -> None:
    page.goto(f"{fresh.place}/sign-in-methods")
    fresh.look(page, "methods")
    page.get_by_role("button", name="Link my account").click()
    fresh.look(page, "link")
    page.get_by_role("link", name="Go on to the provider").click()
    at_the_provider(fresh, page, "eve")
    expect(page.get_by_text("Your account is linked")).to_be_visible()
    page.goto(f"{fresh.place}/settings/sign-in")
    fresh.look(page, "before-requirement")
    keeper = page.get_by_label("Emergency admin")
    keeper.select_option(keeper.locator("option", has_text="Ada").get_attribute("value"))
    page.get_by_role("button", name="Require single sign-on").click()
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.get_by_text("Required", exact=True)).to_be_visible()
    fresh.look(page, "required")
    page.goto(f"{fresh.place}/sessions")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def a_member_comes_by_the_provider_alone(fresh: Fresh) -> None:
    """Ben has a password from before; it opens nothing. With his invitation and his account at work he is in."""
    with fresh.served.app.app_context(), fresh.work() as uow:
        ben = make_employee(uow, fresh.member, "Ben", "Second")
        invitation = sign_in_links.issue(uow, ben, LinkPurpose.INVITATION)[0]
    page = fresh.open()
    page.goto(f"{fresh.place}/sign-in")
    expect(page.get_by_label("Password")).to_have_count(0)
    fresh.look(page, "door")
    page.get_by_role("link", name="Emergency sign-in").click()
    enter(page, fresh.member)
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    fresh.look(page, "door-refused")
    page.goto(invitation)
    fresh.look(page, "invitation")
    page.get_by_role("link", name="Sign in with Work account").click()
    at_the_provider(fresh, page, "nora")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Ben")


def the_emergency_admin_still_comes_in(fresh: Fresh, page: Page) -> None:
    page.goto(f"{fresh.place}/sign-in?emergency=1")
    enter(page, "ada@fresh.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    # Each code counts once; that of the next half minute is good as well.
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(fresh.secret).at(int(time.time()) + 30))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Ada")
    page.goto(f"{fresh.place}/settings/sign-in/log")
    expect(page.get_by_text("requires single sign-on").first).to_be_visible()
    fresh.look(page, "log")


def enter(page: Page, email: str) -> None:
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def walk(fresh: Fresh) -> None:
    """All of it, one step after the other."""
    page = fresh.open()
    come_in_and_protect_oneself(fresh, page, found(fresh))
    if fresh.kind is ProviderKind.GOOGLE:
        show_that_the_domain_is_ours(fresh, page)
    add_the_provider(fresh, page)
    try_it_and_switch_it_on(fresh, page)
    link_and_require(fresh, page)
    a_member_comes_by_the_provider_alone(fresh)
    the_emergency_admin_still_comes_in(fresh, page)


def know_the_people(fresh: Fresh) -> None:
    """Who has an account at the vendor: the admin's is called eve, the member's nora."""
    for number, (account, last) in enumerate({"eve": "First", "nora": "Second"}.items()):
        domain = f"{fresh.slug}.example"
        claims: dict[str, Any] = {"email": f"{account}@{domain}", "name": account.capitalize()}
        claims |= {"given_name": account.capitalize(), "family_name": last}
        if fresh.kind is ProviderKind.GOOGLE:
            claims |= {"hd": domain, "email_verified": True}
        else:
            oid = f"1111111{number}-2222-4333-8444-555555555555"
            claims |= {"tid": TENANT, "oid": oid, "ver": "2.0", "acct": 0, "xms_edov": True}
            claims["preferred_username"] = claims["email"]
        fresh.vendors.knows(account, **claims)


@pytest.mark.parametrize("kind", list(ProviderKind), ids=lambda kind: kind.value)
def test_from_nothing_to_required(chromium_path, served, reach_vendors, adfs, kind):
    """The pages of the set-up are looked at by axe on the way; nothing of it complains in the console."""
    outside = served.app.extensions["staffroom"].outside
    outside.google.forget()
    outside.microsoft.forget()
    names = [f"MAP {host} 127.0.0.1:{reach_vendors.https_port}" for host in HOSTS]
    rules = ", ".join([*names, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"])
    before = outside.dns
    with name_server() as zone, sync_playwright() as playwright:
        object.__setattr__(outside, "dns", DnsLookup(["127.0.0.1"], port=zone.port, patience=2))
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=[*ARGUMENTS, f"--host-resolver-rules={rules}"]
        )
        fresh = Fresh(served, kind, reach_vendors, adfs, zone, browser, look, [])
        if kind is not ProviderKind.SAML:
            know_the_people(fresh)
        try:
            walk(fresh)
        finally:
            object.__setattr__(outside, "dns", before)
            browser.close()
    assert fresh.complaints == []


def look(page: Page, _name: str) -> None:
    check_accessibility(page)
