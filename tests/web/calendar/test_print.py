"""A month of the calendar as a PDF: the same people and no more of them than on the screen."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.domain.periods import Part
from portal.models import AbsenceType, Employee
from portal.services import absences
from tests.factories.absences import ask, grant


@pytest.fixture
def away(as_, cast):
    """Eve is away on the 3rd and on the morning of the 4th, by a type of its own; the 10th is only asked for."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        first = ask(uow, date(2026, 8, 3), date(2026, 8, 4), last_part=Part.AM).id
        ask(uow, date(2026, 8, 10))
    with as_(cast.mats) as uow:
        absences.approve(uow, first, version=1)
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "vacation")).one()
        kind.key, kind.name, kind.code = "rest-cure", "Rest cure", "RC"


def words(answer) -> str:
    assert answer.status_code == 200, answer.status
    assert answer.content_type == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_manager_reads_the_type_and_a_colleague_that_somebody_is_away(client, cast, away):
    """T87: on paper as on the screen."""
    client.sign_in(cast.mats)
    address = f"calendar/print.pdf?month=2026-08&team={cast.teams['care']}"
    page = client.page(f"calendar?month=2026-08&team={cast.teams['care']}")
    assert "calendar/print.pdf?month=2026-08" in page
    said = words(client.get(client.url(address)))
    for one in ("Rest cure", "August 2026", cast.eve.name, "1½", "People away"):
        assert one in said, one
    hidden = words(client.sign_in(cast.pia).get(client.url(address)))
    assert cast.eve.name in hidden
    assert "Rest cure" not in hidden and "RC" not in hidden and "Away" in hidden


def test_the_legend_names_a_closure_in_the_language_of_the_reader(client, as_, cast, away):
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "rest-cure")).one()
        kind.key, kind.name = "closure", "Company closure"
        mats = select(Employee).where(Employee.id == cast.mats.employee_id)
        uow.session.scalars(mats).one().language = "de"
    address = f"calendar/print.pdf?month=2026-08&team={cast.teams['care']}"
    said = words(client.sign_in(cast.mats).get(client.url(address)))
    assert "Betriebsschließung" in said and "Company closure" not in said


def test_a_team_out_of_reach_is_not_found_on_paper_either(client, cast, away):
    client.sign_in(cast.otto)
    assert client.get(client.url(f"calendar/print.pdf?team={cast.teams['care']}")).status_code == 404
    assert client.get(client.url("calendar/print.pdf?month=soon")).status_code in (200, 404)
    client.sign_out()
    assert client.get("/c/acme/calendar/print.pdf").status_code == 303


def test_a_year_and_a_quarter_offer_each_of_their_months_on_paper(client, cast, away):
    page = client.sign_in(cast.mats).page("calendar?span=year&month=2026-08")
    assert page.count("print.pdf?month=2026-") == 12
    assert client.page("calendar?span=quarter&month=2026-08").count("print.pdf?month=2026-") == 3


def test_a_sheet_of_a_whole_year_is_not_taken_for_a_month(client, cast, away):
    client.sign_in(cast.mats)
    answer = client.get(client.url("calendar/print.pdf?span=year&month=2026-08&team=all"))
    assert answer.status_code == 303
    assert all(one in answer.location for one in ("/calendar?", "span=year", "month=2026-08", "team=all"))
    assert "A PDF holds one month." in client.page("calendar?span=year")
    assert client.get(client.url("calendar/print.pdf?span=decade")).status_code == 404
