"""People see what is kept about them, and take a whole copy of it with them: theirs alone, once, in a week (P16)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.integrations.storage import FileMissing
from portal.jobs.data_exports import build
from portal.models import AuditEvent, DataExport, Employee, OutboxMessage
from portal.services import data_exports, people
from tests.factories.belongings import give_acme_everything
from tests.fixtures.cast import SENTINEL

PHONE = "+420601123456"


@pytest.fixture
def eve(client, cast, as_):
    """Eve with something in many tables, signed in."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
        uow.session.query(DataExport).delete()
        employee = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        people.seal_phone(uow, employee, PHONE)
    return client.sign_in(cast.eve)


@pytest.fixture
def make(app, cast, as_):
    """Does what the worker does with the copy that was asked for, and gives its row back."""

    def made():
        with as_(cast.ana) as uow:
            export = uow.session.scalars(select(DataExport).where(DataExport.status == "waiting")).one()
        with app.app_context():
            build(str(cast.acme.id), export.id)
        return row(as_, cast, export.id)

    return made


def row(as_, cast, export_id) -> DataExport:
    with as_(cast.ana) as uow:
        return uow.session.get(DataExport, (cast.acme.id, export_id))


def fetch(client, export):
    return client.send(f"privacy/copies/{export.id}/download")


def unpacked(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_about_oneself_is_listed_and_can_be_opened(eve):
    page = eve.page("privacy")
    for wanted in ("Absences", "Terms of employment", "Published shifts", "Ask for a copy"):
        assert wanted in page
    assert f"Wedding {SENTINEL}" in eve.page("privacy/tables/absence")
    person = eve.page("privacy/tables/employee")
    assert PHONE in person
    assert f"Lind{SENTINEL}" in eve.page("privacy/tables/line_management"), "the line manager by name"
    assert "Planned shifts" not in page, "a draft is the planner's"
    assert "Legal holds" not in page
    for hidden in ("shift", "legal_hold"):
        assert eve.get(eve.url(f"privacy/tables/{hidden}")).status_code == 404
    assert eve.get(eve.url("privacy/tables/company")).status_code == 404
    assert eve.get(eve.url("privacy/tables/nothing")).status_code == 404


def test_the_copy_holds_everything_of_oneself_and_vouches_for_it(eve, make):
    assert eve.send("privacy/copies").status_code == 303
    assert "Being made" in eve.page("privacy")
    export = make()
    assert "Ready" in eve.page("privacy")
    answer = fetch(eve, export)
    assert answer.headers["Content-Type"] == "application/zip"
    assert hashlib.sha256(answer.data).digest() == export.sha256
    files = unpacked(answer)
    manifest = json.loads(files["manifest.json"])
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }
    [person] = json.loads(files["data/employee.json"])
    assert (person["phone"], person["email"]) == (PHONE, "eve@acme.example")
    [absence] = json.loads(files["data/absence.json"])
    assert absence["note"] == f"Wedding {SENTINEL}"
    assert absence["absence_type"] == "Vacation"
    assert f"Wedding {SENTINEL}" in files["data/absence.csv"].decode()
    assert manifest["tables"]["sign_in_session"]["left_out"] == ["token_hash", "kept_form_sealed"]
    assert "token_hash" not in files["data/sign_in_session.json"].decode()


def test_others_are_in_it_by_name_and_with_nothing_else(eve, make, cast):
    """No colleague's address, no id of theirs, and not from where they acted."""
    eve.send("privacy/copies")
    text = b"".join(unpacked(fetch(eve, make())).values()).decode()
    assert cast.mats.name in text
    for other in (cast.mats, cast.otto, cast.ana, cast.pia):
        assert other.email not in text
        assert str(other.employee_id) not in text
    assert f"Lawsuit {SENTINEL}" not in text


def test_it_is_fetched_once_and_then_gone(eve, make, app, cast, as_):
    eve.send("privacy/copies")
    export = make()
    assert fetch(eve, export).status_code == 200
    again = fetch(eve, export)
    assert again.status_code == 422
    assert "fetched once" in again.text
    with as_(cast.ana) as uow:
        data_exports.discard(uow, export.id)
    with pytest.raises(FileMissing):
        app.extensions["staffroom"].outside.files.get(cast.acme.id, export.id)


def test_after_a_week_it_is_gone(eve, make, clock, as_, cast, app):
    eve.send("privacy/copies")
    export = make()
    clock.advance(timedelta(days=7, minutes=1))
    eve.sign_in(cast.eve)
    assert fetch(eve, export).status_code == 422
    with as_(cast.ana) as uow:
        assert data_exports.expire(uow) == 1
    assert row(as_, cast, export.id).status == "expired"
    with pytest.raises(FileMissing):
        app.extensions["staffroom"].outside.files.get(cast.acme.id, export.id)


@pytest.mark.parametrize("who", ["ana", "mats", "otto"])
def test_nobody_else_fetches_it(eve, make, cast, who):
    """HR neither: it is the person's."""
    eve.send("privacy/copies")
    export = make()
    assert fetch(eve.sign_in(cast.people[who]), export).status_code == 404


def test_one_is_made_at_a_time_and_three_a_day(eve, make):
    for _turn in range(3):
        assert eve.send("privacy/copies").status_code == 303
        assert eve.send("privacy/copies").status_code == 422
        make()
    assert eve.send("privacy/copies").status_code == 422


def test_it_lies_sealed_and_an_old_sign_in_gets_nothing(eve, make, app, cast, clock):
    eve.send("privacy/copies")
    export = make()
    stored = app.extensions["staffroom"].outside.files.get(cast.acme.id, export.id)
    assert not stored.startswith(b"PK")
    assert PHONE.encode() not in stored
    clock.advance(timedelta(minutes=6))
    asked = fetch(eve, export)
    assert asked.status_code == 303
    assert "after=" in asked.headers["Location"]


def test_the_person_is_written_to_and_the_log_knows(eve, make, cast, as_):
    eve.send("privacy/copies")
    export = make()
    fetch(eve, export)
    with as_(cast.ana) as uow:
        letters = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "data_export_ready")
        )
        assert [one.employee_id for one in letters] == [cast.eve.employee_id]
        actions = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject_id == export.id).order_by(AuditEvent.seq)
        )
        assert list(actions) == ["data-export.asked", "data-export.ready", "data-export.fetched"]


def test_a_second_worker_makes_no_second_copy(eve, make, app, cast, as_):
    """T150: taken up again after its worker died, the job is done once and one letter leaves."""
    eve.send("privacy/copies")
    export = make()
    with app.app_context():
        build(str(cast.acme.id), export.id)
    with as_(cast.ana) as uow:
        assert row(as_, cast, export.id).sha256 == export.sha256
        letters = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "data_export_ready")
        )
        assert len(list(letters)) == 1
