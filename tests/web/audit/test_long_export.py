"""A log that is too long to wait for: its file is made by a job, sealed, told by letter, and fetched once."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.domain.audit_actions import Action
from portal.integrations.storage import FileMissing
from portal.jobs import audit_exports as job
from portal.models import AuditEvent, AuditExport, Employee, OutboxMessage, Role, RoleGrant
from portal.services import audit, audit_export_making, audit_exports, file_parts, retention


@pytest.fixture
def ana(client, cast, as_, monkeypatch):
    """Signed in, with a log that is longer than is written at once, in pages of two and parts of a few bytes."""
    monkeypatch.setattr(audit_exports, "MOST_AT_ONCE", 3)
    monkeypatch.setattr("portal.services.audit_export.PAGE", 2)
    monkeypatch.setattr(file_parts, "PART_BYTES", 500)
    monkeypatch.setattr(job, "_NOTED_EVERY", 2)
    for number in range(5):
        with as_(cast.ana) as uow:
            eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
            eve.job_title = f"=1+{number}"
            audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve)
    return client.sign_in(cast.ana)


@pytest.fixture
def make(app, cast, as_):
    """Does what the worker does with the file that was asked for, and gives its row back."""

    def made() -> AuditExport:
        with as_(cast.ana) as uow:
            export_id = uow.session.scalars(
                select(AuditExport.id).where(AuditExport.status == "waiting")
            ).one()
        with app.app_context():
            job.build(str(cast.acme.id), export_id)
        return row(as_, cast, export_id)

    return made


def row(as_, cast, export_id: UUID) -> AuditExport:
    with as_(cast.ana) as uow:
        return uow.session.get_one(AuditExport, (cast.acme.id, export_id))


def ask(client, kind="csv", **fields):
    answer = client.send("audit/exports", {"kind": kind, **fields})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/audit/export#files"), (
        answer.text
    )


def fetch(client, export):
    return client.send(f"audit/exports/{export.id}/download")


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode().removeprefix("\ufeff"))))


def test_a_long_table_is_made_by_a_job_and_fetched_once(ana, make, cast, as_, app):
    ask(ana, action="employee.changed")
    page = ana.page("audit/export")
    assert "Being made" in page and 'hx-trigger="every 2s"' in page
    export = make()
    assert (export.status, export.events_done, export.events_total, export.chosen) == ("ready", 5, 5, {})
    assert export.parts > 1
    with as_(cast.ana) as uow:
        sealed = uow.outside.files.get(cast.acme.id, file_parts.part_key(export.id, 0))
        assert cast.eve.name.encode() not in sealed and b"Person changed" not in sealed
    answer = fetch(ana, export)
    assert hashlib.sha256(answer.data).digest() == export.sha256 and len(answer.data) == export.size_bytes
    assert 'filename="audit-log-acme-2026-06-15.csv"' in answer.headers["Content-Disposition"]
    rows = table(answer)
    assert [one["Action"] for one in rows] == ["Person changed"] * 5
    assert all(one["Who"] == cast.ana.name and one["Person"] == cast.eve.name for one in rows)
    again = fetch(ana, export)
    assert again.status_code == 422 and "fetched once" in again.text
    with as_(cast.ana) as uow:
        audit_exports.discard(uow, export.id)
    with as_(cast.ana) as uow, pytest.raises(FileMissing):
        uow.outside.files.get(cast.acme.id, file_parts.part_key(export.id, 0))


def test_what_was_asked_for_made_and_fetched_is_on_record_and_told_by_letter(ana, make, cast, as_):
    ask(ana, action="employee.changed", person=cast.eve.email)
    export = make()
    assert fetch(ana, export).status_code == 200
    with as_(cast.ana) as uow:
        letters = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "audit_export_ready")
        )
        assert [one.employee_id for one in letters] == [cast.ana.employee_id]
        events = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action.startswith("audit.export")).order_by(AuditEvent.seq)
        ).all()
        assert [one.action for one in events] == [
            "audit.exported",
            "audit.export-ready",
            "audit.export-fetched",
        ]
        assert cast.eve.email in events[0].payload and export.sha256.hex() in events[2].payload
    page = ana.page("audit?action=audit.export-ready")
    assert "File of the audit log made" in page and "Up to event" in page


def test_a_workbook_and_the_lines_for_auditors_are_whole(ana, make, cast, as_):
    """T168: in a workbook that a job made no text is a formula either."""
    ask(ana, "xlsx", action="employee.changed")
    sheet = load_workbook(io.BytesIO(fetch(ana, make()).data)).active
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert sheet.max_row == 6
    ask(ana, "jsonl")
    export = make()
    lines = fetch(ana, export).data.decode().splitlines()
    assert '"whole": true' in lines[0] and f'"last": {export.through}' in lines[-1]
    assert len(lines) == export.through + 2


def test_it_is_written_in_the_words_on_the_clock_and_with_the_rights_of_whoever_asked(ana, make, cast, as_):
    with as_(cast.ana) as uow:
        person = uow.session.get_one(Employee, (cast.acme.id, cast.ana.employee_id))
        person.language = "de"
    ask(ana, action="employee.changed")
    answer = fetch(ana, make())
    assert "Person geändert" in answer.data.decode()


def test_one_is_made_at_a_time_and_a_lost_one_keeps_nobody_waiting(ana, make, cast, as_, clock):
    ask(ana)
    second = ana.send("audit/exports", {"kind": "csv"})
    assert second.status_code == 422 and "still being made" in second.text
    with as_(cast.ana) as uow:
        lost = uow.session.scalars(select(AuditExport).where(AuditExport.status == "waiting")).one()
        lost.created_at -= timedelta(hours=7)
    ask(ana)


def test_nobody_else_fetches_it_and_whoever_lost_the_right_gets_none(ana, make, cast, as_, client):
    ask(ana)
    export = make()
    with as_(cast.ana) as uow:
        mine = audit_exports.list_own(uow)
        assert [one.id for one in mine if one.can_fetch] == [export.id]
        admin = uow.session.scalars(select(Role.id).where(Role.key == "admin")).one()
        uow.session.add(RoleGrant(employee_id=cast.otto.employee_id, role_id=admin))
    client.sign_in(cast.otto)
    assert "SHA-256" not in client.page("audit/export")
    assert fetch(client, export).status_code == 404
    ask(client)
    with as_(cast.ana) as uow:
        of_otto = RoleGrant.employee_id == cast.otto.employee_id, RoleGrant.role_id == admin
        uow.session.delete(uow.session.scalars(select(RoleGrant).where(*of_otto)).one())
    lost = make()
    assert (lost.status, lost.parts, lost.chosen) == ("failed", 0, {})
    assert fetch(client, lost).status_code == 403


def test_a_job_that_fails_or_dies_leaves_no_half_file(ana, make, cast, as_, app, monkeypatch):
    """T150: killed on the way, the next run makes it from the start; what fails says so."""
    ask(ana)
    with as_(cast.ana) as uow:
        waiting = uow.session.scalars(select(AuditExport).where(AuditExport.status == "waiting")).one()
        left = audit_export_making.parts_of(uow, waiting.id)
        left.write(b"x" * 2000)  # what a killed run has left
    export = make()
    answer = fetch(ana, export)
    assert hashlib.sha256(answer.data).digest() == export.sha256
    ask(ana)
    monkeypatch.setattr(job.audit_files, "written", lambda *_: iter([b"y" * 2000, 1]))
    with pytest.raises(TypeError):
        make()
    with as_(cast.ana) as uow:
        failed = uow.session.scalars(select(AuditExport).where(AuditExport.status == "failed")).one()
        with pytest.raises(FileMissing):
            uow.outside.files.get(cast.acme.id, file_parts.part_key(failed.id, 0))
    assert "Failed" in ana.page("audit/export")


def test_a_file_that_nobody_fetched_goes_after_a_week(ana, make, cast, as_, clock):
    ask(ana)
    export = make()
    clock.advance(timedelta(days=8))
    with as_(cast.ana) as uow:
        forecast = {one.table: one.now for one in retention.outlook(uow).classes}
        assert forecast["audit_export"] == 1
        assert retention.apply(uow)["audit_export"] == 1
    gone = row(as_, cast, export.id)
    assert (gone.status, gone.parts) == ("expired", 0)
