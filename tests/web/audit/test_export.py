"""The log as a file: of the filter, in words or for machines, streamed, recorded, and only for who may."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tracemalloc
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.domain.audit_actions import Action
from portal.models import AuditEvent, Employee
from portal.services import audit, audit_export


def exported(client, kind="csv", **fields) -> str:
    answer = client.send("audit/exports", {"kind": kind, **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def promoted(cast, as_):
    """Ana gives Eve a job title that is a formula, and one with a line break."""
    for title in ('=HYPERLINK("https://evil.example")', "Nurse\r\nforged"):
        with as_(cast.ana) as uow:
            eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
            eve.job_title = title
            audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve)


def test_the_table_tells_each_event_in_words(client, cast, promoted):
    rows = table(exported(client.sign_in(cast.ana)))
    last = rows[-1]
    assert [int(row["Number"]) for row in rows] == sorted(int(row["Number"]) for row in rows)
    assert last["Action"] == "Person changed"
    assert (
        last["Who"] == cast.ana.name
        and last["E-mail"] == cast.ana.email
        and last["IP address"] == "192.0.2.1"
    )
    assert last["Person"] == cast.eve.name
    assert "Job title" in last["Details"] and "⟨CR⟩⟨LF⟩" in last["Details"] and "→" in last["Details"]
    assert last["Time (UTC)"].endswith("Z") and len(last["Checksum"]) == 64


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝", " =", "'="])
def test_no_cell_is_a_formula(client, cast, as_, start):
    """T168."""
    with as_(cast.ana) as uow:
        uow.actor = type(uow.actor)(cast.ana.employee_id, f"{start}1+1", f"{start}a@acme.example")
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    for row in table(exported(client.sign_in(cast.ana), action="employee.changed")):
        for cell in row.values():
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell
        assert row["Who"].endswith("1+1")


def book(answer) -> list[tuple[object, ...]]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    return list(sheet.iter_rows(values_only=True))


def test_a_workbook_tells_the_same_and_calculates_nothing(client, cast, promoted, as_):
    """T168: also a name that is a formula stays a text."""
    with as_(cast.ana) as uow:
        uow.actor = type(uow.actor)(cast.ana.employee_id, "=1+1", "=a@acme.example")
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    client.sign_in(cast.ana)
    fields = {"action": "employee.changed"}
    heading, *rows = book(client.send("audit/exports", {"kind": "xlsx", **fields}))
    told = table(exported(client, **fields))
    assert list(heading) == list(told[0])
    assert [row[0] for row in rows] == [int(row["Number"]) for row in told]
    assert [row[-1] for row in rows] == [row["Checksum"] for row in told]
    assert rows[-1][2] == "=1+1"


def test_a_workbook_takes_so_many_and_says_what_to_do_otherwise(client, cast, promoted, monkeypatch):
    monkeypatch.setattr(audit_export, "MOST_IN_WORKBOOK", 1)
    client.sign_in(cast.ana)
    sent = {"kind": "xlsx", "action": "employee.changed"}
    answer = client.send("audit/exports", sent)
    assert answer.status_code == 422
    assert "takes 1 events" in answer.text
    assert 'name="action" value="employee.changed"' in answer.text, "the filter stays"
    monkeypatch.setattr(audit_export, "MOST_IN_WORKBOOK", 2)
    assert len(book(client.send("audit/exports", sent))) == 3
    by_person = client.send("audit/exports", {"kind": "xlsx", "person": cast.eve.email})
    assert len(book(by_person)) == 3
    assert client.send("audit/exports", {"kind": "pdf"}).status_code == 404


def test_what_is_filtered_is_exported_and_no_more(client, cast, promoted):
    client.sign_in(cast.ana)
    form = client.page("audit/export?action=employee.changed&person=eve%40acme.example")
    assert "Person changed" in form and 'name="action" value="employee.changed"' in form
    rows = table(exported(client, action="employee.changed", person="eve@acme.example"))
    assert len(rows) == 2 and {row["Action"] for row in rows} == {"Person changed"}
    assert table(exported(client, action="employee.changed", first_day="2099-01-01")) == []


def test_a_filter_that_makes_no_sense_is_corrected_first(client, cast):
    client.sign_in(cast.ana)
    for answer in (
        client.get(client.url("audit/export?ip=x")),
        client.send("audit/exports", {"kind": "csv", "ip": "x"}),
    ):
        assert answer.status_code == 303 and answer.headers["Location"] == "/c/acme/audit?ip=x"


def test_the_lines_for_machines_are_checked_by_the_program_from_the_same_page(
    client, cast, promoted, tmp_path
):
    client.sign_in(cast.ana)
    answer = client.send("audit/exports", {"kind": "jsonl"})
    assert answer.mimetype == "application/x-ndjson"
    assert 'filename="audit-log-acme-2026-06-15.jsonl"' in answer.headers["Content-Disposition"]
    assert "Content-Length" not in answer.headers and answer.is_streamed
    program = client.get(client.url("audit/verifier"))
    assert program.headers["Content-Disposition"].startswith("attachment")
    (tmp_path / "log.jsonl").write_bytes(answer.data)
    (tmp_path / "check.py").write_bytes(program.data)
    ran = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "check.py"), str(tmp_path / "log.jsonl")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0 and "The log is whole" in ran.stdout, ran.stdout + ran.stderr


def test_the_export_is_recorded_with_what_was_asked_for(client, cast, promoted):
    client.sign_in(cast.ana)
    exported(client, "jsonl", action="employee.changed")
    page = client.page("audit?action=audit.exported")
    assert "Audit log exported" in page.split("<tbody>")[1]
    assert "action=employee.changed" in page and "jsonl" in page


@pytest.mark.parametrize("who", ["eve", "mats", "pia"])
def test_only_who_may_export_does(client, cast, who):
    client.sign_in(cast.people[who])
    assert client.get(client.url("audit/export")).status_code == 403
    assert client.send("audit/exports", {"kind": "csv"}).status_code == 403
    assert client.send("audit/feed-tokens", {"name": "x"}).status_code == 403


def test_an_old_proof_is_not_enough(client, cast, clock):
    client.sign_in(cast.ana)
    clock.move_to(clock.now() + timedelta(minutes=6))
    answer = client.send("audit/exports", {"kind": "csv"})
    assert answer.status_code == 303 and "/sign-in/" in answer.headers["Location"]


def test_another_kind_of_file_is_none(client, cast):
    assert client.sign_in(cast.ana).send("audit/exports", {"kind": "exe"}).status_code == 404


def test_beta_exports_beta(client, cast, promoted):
    """T99."""
    text = exported(client.sign_in(cast.zoe), "jsonl")
    companies = {json.loads(line)["company"] for line in text.split("\n") if '"event"' in line}
    assert companies == {str(cast.beta.id)}


def test_a_long_log_is_never_held_whole(client, cast, as_):
    """However long it is: a page at a time, and what was handed out is forgotten."""
    client.sign_in(cast.ana)

    def peak() -> tuple[int, int]:
        tracemalloc.start()
        answer = client.send("audit/exports", {"kind": "jsonl"}, buffered=False)
        size = sum(len(part) for part in answer.response)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size, most

    def grow(count: int) -> None:
        with as_(cast.ana) as uow:
            for number in range(count):
                audit.record(uow, Action.EMPLOYEE_CHANGED, number=number, note="x" * 500)

    grow(2 * audit_export.PAGE)
    peak()
    size, most = peak()
    grow(8 * audit_export.PAGE)
    larger, as_much = peak()
    assert larger > 4 * size
    assert as_much < 1.5 * most


def test_what_comes_meanwhile_is_not_in_it(client, cast, as_, promoted):
    with as_(cast.ana) as uow:
        extract = audit_export.begin(uow, audit_export.audit_log.EVERYTHING, kind="jsonl", searched="")
        lines = audit_export.as_lines(uow, extract)
        head = json.loads(next(lines))
        audit.record(uow, Action.EMPLOYEE_CHANGED)
        uow.settle()
        numbers = [json.loads(one)["seq"] for part in lines for one in part.splitlines() if '"event"' in one]
        newest = uow.session.scalar(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).limit(1))
    assert numbers[-1] == head["through"] == newest - 2
