"""Deciding from the list of what waits, in a real browser: the list is renewed in place, by either button."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.models import Absence
from tests.factories.absences import ask, grant
from tests.factories.companies import work


@pytest.mark.parametrize(
    ("button", "day", "status"),
    [
        ("Approve", date(2026, 11, 2), AbsenceStatus.APPROVED),
        ("Reject", date(2026, 11, 3), AbsenceStatus.REJECTED),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_press_decides_that_request_alone(served, visit, button, day, status, scripts):
    cast, absence_id = served.cast, uuid4()
    staffroom, member = served.app.extensions["staffroom"], served.cast.eve
    with served.app.app_context(), work(staffroom, member.company, cast.ana.actor) as uow:
        grant(uow, member.employee_id)
    with served.app.app_context(), work(staffroom, member.company, member.actor) as uow:
        ask(uow, day.replace(day=day.day + (0 if scripts else 7)), absence_id=absence_id)
    page = visit(cast.mats, java_script_enabled=scripts)
    page.goto("/c/acme/absences/approvals")
    note = page.locator(f"#note-{absence_id}")
    note.fill("So be it")
    page.locator(".waiting", has=note).get_by_role("button", name=button).click()
    expect(page.locator("#flashes")).to_contain_text("The request is")
    expect(page.locator("#waiting")).to_have_count(1)
    expect(note).to_have_count(0)
    with served.app.app_context(), work(staffroom, member.company, cast.ana.actor) as uow:
        decided = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()
        assert (decided.status, decided.decision_note) == (status, "So be it")
