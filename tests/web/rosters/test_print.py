"""The roster on paper: what everybody sees, or a draft that says so; nothing more than the reader may know."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from portal.models import Employee
from portal.services import shifts
from portal.services.shifts import Cell
from tests.factories.rosters import draft, publish, take_off

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)


@pytest.fixture
def care(as_, cast):
    """Published with N; drafted as L since."""
    eve = cast.eve.employee_id
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "N"))
        publish(uow, roster_id)
        shifts.fill(uow, roster_id, Cell(eve, MONDAY), "L", seen=["N"])
    return roster_id


def words(answer) -> str:
    assert answer.status_code == 200 and answer.content_type == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_a_manager_prints_what_is_published(client, cast, care):
    client.sign_in(cast.mats)
    answer = client.get(client.url(f"rosters/{care}/print.pdf"))
    said = words(answer)
    assert "Night 22:00–06:30" in said and "Late" not in said and "DRAFT" not in said
    assert "Version 1" in said and "15 Jun 2026, 10:00" in said
    assert answer.headers["Content-Disposition"].startswith('inline; filename="Care Acmeonly 2026-06.pdf"')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_planner_prints_the_draft_marked_as_one(client, cast, care):
    client.sign_in(cast.pia)
    said = words(client.get(client.url(f"rosters/{care}/print.pdf?draft=1")))
    assert "DRAFT" in said and "Late 14:00–22:30" in said and "Night" not in said


def test_others_print_no_draft(client, cast, as_, care):
    client.sign_in(cast.mats)
    assert client.get(client.url(f"rosters/{care}/print.pdf?draft=1")).status_code == 403
    client.sign_in(cast.eve)
    assert client.get(client.url(f"rosters/{care}/print.pdf")).status_code == 403


def test_a_planner_prints_that_somebody_is_away_and_a_manager_why(client, cast, as_, care):
    """T87 on paper."""
    with as_(cast.ana) as uow:
        take_off(uow, cast.eve.employee_id, TUESDAY)
    planner = words(client.sign_in(cast.pia).get(f"/c/acme/rosters/{care}/print.pdf"))
    manager = words(client.sign_in(cast.mats).get(f"/c/acme/rosters/{care}/print.pdf"))
    assert "Away" in planner and "Vacation" not in planner
    assert "Vacation" in manager and "Away" not in manager


def test_hostile_names_are_printed_as_text(client, cast, as_, care):
    """T122, T165: nothing of them is fetched or obeyed."""
    with as_(cast.pia) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.last_name = "<img src=file:///etc/passwd>{{7*7}}{page}"
    said = words(client.sign_in(cast.mats).get(f"/c/acme/rosters/{care}/print.pdf"))
    assert "<img src=file" in said and "49" not in said and "root:" not in said


def test_printing_is_in_the_audit_log(client, cast, as_, care):
    client.sign_in(cast.mats)
    client.get(client.url(f"rosters/{care}/print.pdf"))
    with as_(cast.ana) as uow:
        newest = uow.session.execute(
            text("SELECT action, payload FROM audit.event ORDER BY seq DESC LIMIT 1")
        ).one()
    assert newest.action == "roster.printed"
    assert '"draft": false' in newest.payload and '"roster_version": 1' in newest.payload
