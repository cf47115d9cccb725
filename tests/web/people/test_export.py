"""The directory as a file: the rights of the screen, nothing that runs, and fit to be imported again."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.models import AuditEvent, Employee
from portal.services import people
from tests.fixtures.cast import SENTINEL

OPEN = ["email", "first_name", "last_name", "job_title", "team", "site", "line_manager_email"]
RECORD = ["employee_number", "start_date", "weekly_hours", "working_days", "by_roster", "phone", "language"]
ALL = ["email", "first_name", "last_name", "employee_number", "job_title", "team", "site", "line_manager_email",
       "start_date", "weekly_hours", "working_days", "by_roster", "phone", "language"]  # fmt: skip


def export(client, columns, kind="csv", **asked):
    return client.send("people/exports", {"columns": columns, "kind": kind, **asked})


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def change_otto(as_, cast, **values) -> None:
    with as_(cast.ana) as uow:
        otto = uow.session.get_one(Employee, (cast.acme.id, cast.otto.employee_id))
        for name, value in values.items():
            setattr(otto, name, value)


def actions(as_, cast) -> list[tuple[str, object]]:
    with as_(cast.ana) as uow:
        rows = uow.session.execute(select(AuditEvent.action, AuditEvent.subject_id).order_by(AuditEvent.seq))
        return [tuple(row) for row in rows]


def test_everybody_exports_what_the_directory_shows_them(client, cast):
    page = client.sign_in(cast.eve).page("people/export")
    assert 'value="job_title"' in page and 'value="phone"' not in page and 'value="start_date"' not in page
    answer = export(client, OPEN)
    assert answer.mimetype == "text/csv" and "people-2026-06-15.csv" in answer.headers["Content-Disposition"]
    rows = {row["email"]: row for row in table(answer)}
    assert rows["eve@acme.example"]["line_manager_email"] == "mats@acme.example"
    assert rows["otto@acme.example"]["team"] == f"Kitchen {SENTINEL}"
    assert len(rows) == 5, "T99: nobody of Beta"


@pytest.mark.parametrize("column", [*RECORD, "role", "phone_sealed", "company_id", "nonsense"])
def test_a_column_beyond_ones_right_refuses_the_whole_export(client, cast, as_, column):
    """T93: hidden and unknown columns alike, even beside good ones."""
    answer = export(client.sign_in(cast.eve), [*OPEN, column])
    assert answer.status_code == 400 and "otto@acme.example" not in answer.text
    assert "people.exported" not in [action for action, _ in actions(as_, cast)]


@pytest.mark.parametrize(("columns", "kind"), [([], "csv"), (OPEN, "pdf"), (OPEN, "")])
def test_no_column_or_no_kind_of_file_is_an_answer_not_an_error(client, cast, columns, kind):
    assert export(client.sign_in(cast.eve), columns, kind).status_code == 400


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_looks_like_a_formula_leaves_as_text_and_comes_back_unchanged(client, cast, as_, kind):
    """T168: exported, opened, imported again: nothing runs and nothing changes."""
    change_otto(
        as_, cast, job_title='=HYPERLINK("https://evil.example")', first_name="@Otto", employee_number="-1+1"
    )
    with as_(cast.ana) as uow:
        people.seal_phone(
            uow, uow.session.get_one(Employee, (cast.acme.id, cast.otto.employee_id)), "+420601123456"
        )
    answer = export(client.sign_in(cast.ana), ALL, kind)
    if kind == "csv":
        cells = [cell for row in table(answer) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}
    again = client.send(
        "people/import-previews",
        {"file": (io.BytesIO(answer.data), f"people.{kind}")},
        content_type="multipart/form-data",
    )
    assert again.status_code == 200 and "Nothing to change" in again.text, re.findall(
        "<(?:del|ins)>[^<]*", again.text
    )


def test_the_filter_of_the_directory_holds_for_the_file(client, cast, as_):
    client.sign_in(cast.ana)
    assert [row["email"] for row in table(export(client, ["email"], search="kuchar"))] == [
        "otto@acme.example"
    ]
    change_otto(as_, cast, active=False)
    assert [row["email"] for row in table(export(client, ["email"], left="yes"))] == ["otto@acme.example"]
    assert "otto@acme.example" not in export(client.sign_in(cast.eve), ["email"], left="yes").text
    assert str(cast.teams["care"]) in client.page(f"people/export?team={cast.teams['care']}")


def test_each_number_that_leaves_is_on_record_of_its_person(client, cast, as_):
    """P10: sealed values are read only with an event, for whoever they are about."""
    with as_(cast.ana) as uow:
        people.seal_phone(
            uow, uow.session.get_one(Employee, (cast.acme.id, cast.otto.employee_id)), "+420601123456"
        )
    export(client.sign_in(cast.ana), ["email"])
    assert ("employee.viewed-sealed", cast.otto.employee_id) not in actions(as_, cast)
    assert "'+420601123456" in export(client, ["email", "phone"]).text
    assert ("employee.viewed-sealed", cast.otto.employee_id) in actions(as_, cast)
    assert [action for action, _ in actions(as_, cast)].count("people.exported") == 2


def test_an_export_costs_the_same_statements_however_many_people(client, cast, as_, statements):
    export(client.sign_in(cast.ana), ALL)
    counts = []
    for more in (5, 300):
        with as_(cast.ana) as uow:
            uow.session.add_all(
                Employee(email=f"n{more}x{at}@acme.example", first_name="J", last_name="M")
                for at in range(more)
            )
        client.form_token()
        statements.clear()
        export(client, ALL)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10, statements
