"""The report on overtime: its figures by hand, whom it shows to whom, and its files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.domain.periods import DayPart, Part
from portal.models import Employee
from portal.services import absence_requests, absences, overtime, overtime_lapses, overtime_report
from portal.services.absence_wishes import Wish
from portal.services.overtime import Worked
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401

ASKED = {"report": "overtime", "day": "2026-12-31"}


@pytest.fixture
def a_year(as_, cast, clock, lieu):  # noqa: F811
    """Of May 2:30 and 1:00 are booked, 4:00 declined, 0:30 waits, 3:00 is taken back; 2:00 taken in July."""

    def propose(minutes):
        with as_(cast.eve) as uow:
            return overtime.propose(uow, uuid4(), Worked(lieu, WORKED, minutes)).id

    for minutes, member, call in (
        (150, cast.mats, overtime.approve),
        (60, cast.mats, overtime.approve),
        (240, cast.mats, overtime.decline),
        (180, cast.eve, overtime.drop),
    ):
        credit_id = propose(minutes)
        with as_(member) as uow:
            call(uow, credit_id, version=1)
    propose(30)
    morning = DayPart(date(2026, 7, 14), Part.FROM_TO, 9 * 60, 11 * 60)
    with as_(cast.eve) as uow:
        asked = absence_requests.request(uow, uuid4(), Wish.of_days(lieu, [morning]))
    with as_(cast.mats) as uow:
        absences.approve(uow, asked.id, version=1)
    clock.advance(datetime(2026, 12, 1, 6, tzinfo=UTC) - clock.now())
    with as_(cast.ana) as uow:
        assert overtime_lapses.post_lapses(uow) == 1


def test_the_figures_by_month(as_, cast, a_year, statements):
    with as_(cast.ana) as uow:
        statements.clear()
        lines = overtime_report.months_of(uow, 2026)
        assert len(statements) <= 4
        assert overtime_report.months_of(uow, 2025) == []
    figures = {
        one.month: (
            one.figures.claimed,
            one.figures.approved,
            one.figures.taken,
            one.figures.lapsed,
            one.figures.balance,
        )
        for one in lines
    }
    lapsed_in = max(figures)
    assert figures == {5: (480, 210, 0, 0, 210), 7: (0, 0, 120, 0, 90), lapsed_in: (0, 0, 0, 90, 0)}
    assert lapsed_in in (11, 12)


def test_it_holds_what_its_reader_may_see(client, as_, cast, a_year):
    """T168: a name that looks like a formula is none in the files."""
    with as_(cast.ana) as uow:
        eve = uow.session.scalars(select(Employee).where(Employee.id == cast.eve.employee_id)).one()
        eve.first_name = "=1+1"
    page = client.sign_in(cast.ana).page("reports?report=overtime&day=2026-12-31")
    assert "Overtime by person and month" in page and "2026-05" in page and "3.5" in page
    rows = list(csv.reader(io.StringIO(client.send("reports/exports", ASKED | {"kind": "csv"}).text)))
    assert rows[0][4:] == ["Claimed (h)", "Approved (h)", "Taken (h)", "Lapsed (h)", "On the account (h)"]
    (may,) = [row for row in rows if row[3] == "2026-05"]
    assert may[0].startswith("'=1+1") and may[4:] == ["8.0", "3.5", "0.0", "0.0", "3.5"]
    book = client.send("reports/exports", ASKED | {"kind": "xlsx"})
    cells = [cell for row in load_workbook(io.BytesIO(book.data)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=1+1")} == {"s"}
    with as_(cast.mats) as uow:
        assert {one.name for one in overtime_report.months_of(uow, 2026)} <= {f"=1+1 {eve.last_name}"}
    with as_(cast.otto) as uow:
        assert overtime_report.months_of(uow, 2026) == []
    assert client.sign_in(cast.eve).get(client.url("reports?report=overtime")).status_code == 403
