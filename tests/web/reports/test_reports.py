"""Reports on time off: their figures, whom they show to whom, and the files made of them."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.models import AuditEvent, Employee
from portal.services import absences, reports
from tests.factories.absences import ask, grant


@pytest.fixture
def taken(as_, cast):
    """Eve has 25 days of 2026, took three in August, and asks for one in September."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id, cast.otto.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3), date(2026, 8, 5)).id
        ask(uow, date(2026, 9, 1))
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)


@pytest.mark.parametrize(
    ("day", "held", "requested"),
    [
        (date(2026, 8, 2), 25_000, 0),
        (date(2026, 8, 4), 23_000, 0),
        (date(2026, 8, 31), 22_000, 0),
        (date(2026, 9, 1), 22_000, 1_000),
    ],
)
def test_a_balance_is_as_of_its_date(as_, cast, taken, day, held, requested):
    with as_(cast.ana) as uow:
        line = next(one for one in reports.balances_at(uow, day) if one.id == cast.eve.employee_id)
    assert (line.held, line.requested, line.left) == (held, requested, held - requested)


def test_nothing_is_owed_of_a_year_that_has_not_begun(as_, cast, taken):
    with as_(cast.ana) as uow:
        assert reports.balances_at(uow, date(2027, 1, 1)) == []
        liabilities = reports.liabilities_at(uow, date(2026, 8, 31))
    assert sum(one.held for one in liabilities) == 72_000
    assert sum(one.people for one in liabilities) == 3
    assert all(one.minutes > 0 for one in liabilities)


def test_months_count_what_was_approved(client, as_, cast, taken):
    with as_(cast.ana) as uow:
        (line,) = reports.months_of(uow, 2026)
    assert line.months == (0, 0, 0, 0, 0, 0, 0, 3000, 0, 0, 0, 0)
    page = client.sign_in(cast.ana).page("reports?report=months&day=2026-08-04")
    assert '<rect class="c-green"' in page and "Aug, Vacation: 3" in page


def test_a_manager_reports_on_their_people_alone(client, cast, taken):
    client.sign_in(cast.mats)
    page = client.page("reports?report=balances&day=2026-08-04")
    assert cast.eve.name in page and cast.otto.name not in page
    file = client.send("reports/exports", {"report": "balances", "day": "2026-08-04", "kind": "csv"})
    assert cast.eve.name in file.text and cast.otto.name not in file.text
    assert cast.otto.name in client.sign_in(cast.ana).page("reports?report=balances&day=2026-08-04")


def test_who_is_away(client, cast, taken):
    page = client.sign_in(cast.mats).page("reports?report=away&day=2026-08-04")
    assert cast.eve.name in page and "Vacation" in page
    assert "Nothing to report" in client.page("reports?report=away&day=2026-08-06")


def test_files_hold_text_as_text_and_are_on_record(client, as_, cast, taken):
    """T168: a name that looks like a formula is none in either file."""
    with as_(cast.ana) as uow:
        eve = uow.session.scalars(select(Employee).where(Employee.id == cast.eve.employee_id)).one()
        eve.first_name = "=1+1"
    client.sign_in(cast.ana)
    asked = {"report": "balances", "day": "2026-08-04"}
    rows = list(csv.reader(io.StringIO(client.send("reports/exports", asked | {"kind": "csv"}).text)))
    assert [row[4] for row in rows if row[0].startswith("'=1+1")] == ["23.0"]
    book = client.send("reports/exports", asked | {"kind": "xlsx"})
    cells = [cell for row in load_workbook(io.BytesIO(book.data)).active.iter_rows() for cell in row]
    (name,) = [cell for cell in cells if str(cell.value).startswith("=1+1")]
    assert name.data_type == "s"
    with as_(cast.ana) as uow:
        told = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "report.exported")).all()
    assert len(told) == 2
    assert "Report exported" in client.page("audit")


def test_a_report_that_there_is_not_is_not_found(client, cast):
    client.sign_in(cast.ana)
    assert client.get(client.url("reports?report=x")).status_code == 404


@pytest.mark.parametrize("day", ["x", "1999-12-31", "2100-01-01"])
def test_a_day_without_reports_is_told_which_days_have_some(client, cast, day):
    client.sign_in(cast.ana)
    answer = client.get(client.url(f"reports?day={day}"))
    assert answer.status_code == 400
    assert "reports for days from 1 Jan 2000 to 31 Dec 2099" in answer.text
    assert (
        client.send("reports/exports", {"report": "balances", "kind": "csv", "day": day}).status_code == 400
    )


def test_employees_have_no_reports(client, cast):
    client.sign_in(cast.eve)
    assert client.get("/c/acme/reports").status_code == 403
    assert client.send("reports/exports", {"report": "balances", "kind": "csv"}).status_code == 403
