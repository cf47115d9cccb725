"""An admin makes a role, gives it, asks why, and sees the portal as the role, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import check_accessibility


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_copy_to_a_look_and_back(served, visit, scripts):
    """T90, T97: with scripts and without; axe looks at every page that has them."""
    name, cast = f"Front desk {scripts}", served.cast
    page = visit(cast.ana, java_script_enabled=scripts)
    accessible = (lambda: check_accessibility(page)) if scripts else (lambda: None)
    _copy_planner(page, name, accessible)
    role = page.url
    _give_and_ask_why(page, name, cast, accessible)
    page.goto(role)
    _look_from_the_place_of(page, name, cast.mats, accessible)
    page.get_by_role("link", name="Delete").click()
    accessible()
    page.get_by_label("Its holders get instead").select_option(label="Employee")
    page.get_by_role("button", name="Delete the role").click()
    expect(page.locator("#flashes")).to_contain_text("is deleted")


def _copy_planner(page, name, accessible):
    page.goto("/c/acme/roles")
    accessible()
    page.get_by_role("link", name="Planner", exact=True).click()
    accessible()
    page.get_by_role("link", name="Copy").click()
    accessible()
    page.get_by_label("Name of the role").fill(name)
    page.get_by_label("Publish rosters").select_option("")
    page.get_by_label("See the directory").select_option(label="Allowed")
    page.get_by_role("button", name="Make the role").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".rights").filter(has_text="Publish rosters")).to_have_count(0)


def _give_and_ask_why(page, name, cast, accessible):
    page.goto(f"/c/acme/people/{cast.eve.employee_id}")
    page.get_by_role("button", name=f"Give ({name})").click()
    page.get_by_role("link", name="What may they do, and why?").click()
    page.get_by_label("May they").select_option(label="Plan rosters")
    page.get_by_label("for this colleague").fill(cast.otto.email)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer-heading")).to_contain_text("No,")
    expect(page.locator(".answer")).to_contain_text("but not that far: Their site")
    accessible()


def _look_from_the_place_of(page, name, member, accessible):
    page.get_by_role("link", name="See as this role").click()
    accessible()
    page.get_by_label("From the place of").fill(member.email)
    page.get_by_role("button", name="Start looking").click()
    banner = page.get_by_role("complementary", name="Looking as a role")
    expect(banner).to_contain_text(f"as the role {name} does, from the place of {member.name}")
    accessible()
    page.get_by_role("link", name="Roster", exact=True).click()
    expect(banner).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)
    banner.get_by_role("button", name="Stop").click()
    expect(page.locator("#flashes")).to_contain_text("You are yourself again")
    expect(banner).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_look_and_its_refusals_are_accessible(served, visit, scheme):
    page = visit(served.cast.ana, color_scheme=scheme)
    page.goto("/c/acme/roles")
    page.get_by_role("link", name="Manager", exact=True).click()
    page.get_by_role("link", name="See as this role").click()
    page.get_by_role("button", name="Start looking").click()
    for path in ("", "absences/approvals", "calendar", "people", "viewing"):
        page.goto(f"/c/acme/{path}")
        check_accessibility(page)
    page.get_by_role("button", name="Stop looking").click()
    page.goto("/c/acme/roles/rights?permission=absence:approve")
    check_accessibility(page)
