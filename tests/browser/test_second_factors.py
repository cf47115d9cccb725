"""Second factors in a real browser: a passkey in a virtual authenticator, an app, recovery codes, a fresh proof."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, Route, expect

from portal.domain.second_factors import Policy
from tests.factories.companies import make_company, work
from tests.factories.people import PASSWORD, make_employee
from tests.fixtures.browser import check_accessibility


@pytest.fixture(scope="module")
def firm(served):
    """A company of its own that asks everybody, as nothing is rolled back here."""
    staffroom = served.app.extensions["staffroom"]
    with served.app.app_context():
        company = make_company(staffroom, "keys", "Keys", second_factor_policy=Policy.EVERYONE)
        with work(staffroom, company) as uow:
            for name in ("ada", "bob", "cai"):
                make_employee(uow, f"{name}@keys.example", name.capitalize(), "Key")
    return company


def virtual_authenticator(page: Page) -> None:
    """A device that confirms by itself, as somebody with a finger on it would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def enter(page: Page, name: str) -> None:
    page.goto("/c/keys/sign-in")
    page.get_by_label("Work e-mail").fill(f"{name}@keys.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def leave(page: Page) -> None:
    page.goto("/c/keys/sessions")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_a_passkey_is_set_up_used_and_removed(visit, firm):
    page = visit()
    virtual_authenticator(page)
    enter(page, "ada")
    heading(page, "Protect your sign-in")
    check_accessibility(page)
    page.get_by_role("link", name="Add a passkey").click()
    check_accessibility(page)
    page.get_by_label("Name of the passkey").fill("Ada's laptop")
    page.get_by_role("button", name="Add passkey").click()
    heading(page, "Keep your recovery codes")
    check_accessibility(page)
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    heading(page, "Hello, Ada")
    leave(page)
    enter(page, "ada")
    heading(page, "Use your passkey")
    check_accessibility(page)
    page.get_by_role("button", name="Use passkey").click()
    heading(page, "Hello, Ada")
    page.goto("/c/keys/sessions")
    check_accessibility(page)
    expect(page.locator(".session-name", has_text="Ada's laptop")).to_be_visible()
    page.get_by_role("link", name="Change Ada's laptop").click()
    page.get_by_role("button", name="Remove passkey").click()
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.get_by_text("this is your only one that works")).to_be_visible()


def test_a_browser_without_the_passkey_says_so_and_offers_another_way(visit, firm):
    page = visit()
    virtual_authenticator(page)
    enter(page, "cai")
    heading(page, "Protect your sign-in")
    late: list[Route] = []

    def keep_waiting(route: Route) -> None:
        late.append(route)

    page.route(re.compile("/js/passkeys"), keep_waiting)
    page.get_by_role("link", name="Add a passkey").click()
    button = page.get_by_role("button", name="Add passkey")
    while not late:
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)
    expect(button).to_have_count(0)  # pressed without its script, it would send an empty answer
    late[0].continue_()
    button.click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    codes = page.locator("#recovery-codes li").all_inner_texts()
    page.context.clear_cookies()
    other = visit()
    session = other.context.new_cdp_session(other)
    session.send("WebAuthn.enable")  # and no authenticator
    enter(other, "cai")
    other.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    other.get_by_role("button", name="Use passkey").click()
    expect(other.get_by_role("alert")).to_have_text("No passkey was used. Try again when you are ready.")
    other.get_by_role("link", name="Use a recovery code").click()
    check_accessibility(other)
    other.get_by_label("Recovery code").fill(codes[0].lower())
    other.keyboard.press("Enter")
    heading(other, "Hello, Cai")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_is_set_up_and_used(visit, firm, served, scripts):
    """Without JavaScript too."""
    name = f"bob{int(scripts)}"
    staffroom = served.app.extensions["staffroom"]
    with served.app.app_context(), work(staffroom, firm) as uow:
        make_employee(uow, f"{name}@keys.example", "Bob", "Key")
    page = visit(java_script_enabled=scripts)
    enter(page, name)
    page.get_by_role("button", name="Set up an app").click()
    heading(page, "Set up your app")
    page.get_by_text("Cannot scan it?").click()
    secret = page.locator("#app-key").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Continue").click()
    heading(page, "Keep your recovery codes")
    code = page.locator("#recovery-codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    heading(page, "Hello, Bob")
    page.context.clear_cookies()
    enter(page, name)
    heading(page, "Enter your code")
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Continue").click()
    heading(page, "Hello, Bob")
    page.goto("/c/keys/sessions")
    expect(page.get_by_text(re.compile("9 codes left"))).to_be_visible()


def test_adding_a_passkey_while_signed_in(visit, firm, served):
    member = served.cast.people["bea"]
    page = visit(member)
    virtual_authenticator(page)
    page.goto("/c/beta/sessions")
    page.get_by_role("link", name="Add a passkey").click()
    check_accessibility(page)
    page.get_by_label("Name of the passkey").fill("Key ring")
    page.get_by_role("button", name="Add passkey").click()
    heading(page, "Keep your recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".session-name", has_text="Key ring")).to_be_visible()
    page.get_by_role("button", name="Set up an app").click()
    heading(page, "Set up your app")
    check_accessibility(page)
