"""Changing many people in a real browser: tick, look at what would change, say yes, see it, and take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.services import line_managers
from tests.factories.companies import work
from tests.factories.people import HIRED
from tests.fixtures.browser import check_accessibility


@pytest.mark.parametrize("scripts", [True, False])
def test_two_people_get_another_line_manager_and_have_the_old_one_again(served, visit, scripts):
    cast = served.cast
    page = visit(cast.ana, java_script_enabled=scripts)
    page.goto("/c/acme/people")
    for member in (cast.eve, cast.pia):
        page.get_by_role("checkbox", name=member.name).check()
    page.get_by_label("With those who are ticked").select_option("manager")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("2 people are chosen.")
    page.get_by_label("Line manager").fill(cast.ana.email)
    with served.app.app_context(), work(served.app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        day = uow.today() + timedelta(days=30)
    page.get_by_label("From").fill(day.isoformat())
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("row", name=cast.eve.name)).to_contain_text(cast.mats.name)
    if scripts:
        check_accessibility(page)
    assert led(served, cast.pia) == [], "nothing happens before the yes"

    page.get_by_role("button", name="Change 2 people").click()
    expect(page.locator("#many-state")).to_contain_text("2 people were changed.")
    before = (cast.mats.employee_id, HIRED, day - timedelta(days=1))
    assert led(served, cast.eve) == [before, (cast.ana.employee_id, day, None)]
    assert led(served, cast.pia) == [(cast.ana.employee_id, day, None)]

    page.get_by_role("button", name="Undo it").click()
    if scripts:
        page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.locator("#many-state")).to_contain_text("Undone")
    assert led(served, cast.eve) == [(cast.mats.employee_id, HIRED, None)]
    assert led(served, cast.pia) == []


def led(served, member) -> list[tuple]:
    staffroom = served.app.extensions["staffroom"]
    with served.app.app_context(), work(staffroom, member.company, served.cast.ana.actor) as uow:
        rows = line_managers.rows_of(uow, [member.employee_id])[member.employee_id]
        return [(row.manager_id, row.start_date, row.end_date) for row in rows]
