"""Chromium from the company's sign-in page through each vendor's pages and in, the vendors under their own names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import sync_playwright

from portal.domain.sso import ProviderKind
from tests.factories.companies import work
from tests.factories.identity_providers import give_account, make_provider, verify_domain
from tests.fixtures.browser import ARGUMENTS, _note, check_accessibility
from tests.fixtures.vendors import HOSTS
from tests.web.sso.conftest import EVE, EVE_OID, TENANT


@pytest.fixture(scope="module")
def providers(served):
    """Both vendors are providers of Acme, and Eve is known at both."""
    staffroom, cast = served.app.extensions["staffroom"], served.cast
    ids = {}
    with served.app.app_context(), work(staffroom, cast.acme, cast.ana.actor) as uow:
        verify_domain(uow, "acme.example")
        for kind, subject in ((ProviderKind.GOOGLE, "eve"), (ProviderKind.MICROSOFT, f"{TENANT}:{EVE_OID}")):
            provider = make_provider(uow, kind)
            give_account(uow, provider, cast.eve.employee_id, subject)
            ids[kind] = provider.id
    return ids


@pytest.fixture
def page(chromium_path, served, reach_vendors, providers):
    """A browser for which the portal is where it is served and the vendors where they always are; nothing else is."""
    outside = served.app.extensions["staffroom"].outside
    outside.google.forget()
    outside.microsoft.forget()
    uris = [f"{served.url}/c/acme/sso/{one}/callback" for one in providers.values()]
    reach_vendors.tell(redirect_uris=uris)
    names = [f"MAP {host} 127.0.0.1:{reach_vendors.https_port}" for host in HOSTS]
    rules = ", ".join([*names, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"])
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=[*ARGUMENTS, f"--host-resolver-rules={rules}"]
        )
        context = browser.new_context(base_url=served.url, ignore_https_errors=True)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: _note(complaints, message))
        yield page
        browser.close()
    assert complaints == [], complaints


@pytest.mark.parametrize("kind", [ProviderKind.GOOGLE, ProviderKind.MICROSOFT], ids=lambda kind: kind.value)
def test_eve_signs_in_with_her_work_account(page, reach_vendors, kind):
    """Button, the vendor's own choice of an account, and in; our policy for pages blocks nothing of it."""
    reach_vendors.knows("eve", **EVE[kind])
    page.goto("/c/acme/profile")
    page.wait_for_url("**/c/acme/sign-in?after=**")
    check_accessibility(page)
    page.get_by_role("link", name=f"Sign in with {kind.value.capitalize()}").click()
    page.get_by_role("heading", name="Choose an account").wait_for()
    assert re.match(r"https://(accounts\.google\.com|login\.microsoftonline\.com)/", page.url)
    page.get_by_role("link", name="Eve").click()
    page.wait_for_url(re.compile("/c/acme/profile$"))
    assert page.get_by_role("main").get_by_text("eve@acme.example").first.is_visible()
    page.goto("/c/acme/sign-in-methods")
    assert page.get_by_text("You are signed in with it now.").is_visible()
    check_accessibility(page)


def test_a_stranger_reads_an_honest_page(page, reach_vendors):
    reach_vendors.knows("stranger", **{**EVE[ProviderKind.GOOGLE], "name": "Stranger"})
    page.goto("/c/acme/sign-in")
    page.get_by_role("link", name="Sign in with Google").click()
    page.get_by_role("link", name="Stranger").click()
    page.get_by_role("heading", name="No access with this account").wait_for()
    check_accessibility(page)
