"""A backup brings nobody back: whoever the ledger knows is erased again (T144)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, text

from portal.integrations.erasure_ledger import LedgerBroken
from portal.models import AuditEvent, Employee, ErasureRequest
from portal.services import audit_log
from portal.services.forgetting import carrying_out, requests
from portal.services.forgetting.replay import replay
from tests.services.forgetting.conftest import NAME, approve, leave, where


@pytest.fixture
def yesterday(connection, eve_left, app):
    """Puts everything back to how it was before anybody asked, as a restored backup does; the ledger stays."""
    folder = app.extensions["staffroom"].outside.erasures.folder
    for file in folder.glob("*"):
        file.unlink()
    point = connection.begin_nested()
    return point.rollback


def test_after_a_restore_they_are_erased_again(yesterday, eve_left, cast, as_, hr, carry_out):
    leave(as_, cast, date(2022, 5, 31))
    carry_out(approve(cast, as_, hr))
    assert where(as_, cast) == set()
    yesterday()
    assert "employee" in where(as_, cast), "the backup knows her"
    with as_(cast.ana) as uow:
        assert replay(uow) == 1
    assert where(as_, cast) == set()
    with as_(cast.ana) as uow:
        assert audit_log.verify(uow).intact
        assert replay(uow) == 0, "a second time it finds nobody"
        [request] = uow.session.scalars(select(ErasureRequest))
        assert (request.origin, request.status) == ("restore", "erased")


def test_what_was_kept_is_kept_until_its_day(yesterday, eve_left, cast, as_, hr, carry_out):
    """Erased in part before the restore: the same part goes, the rest waits for the same day."""
    carry_out(approve(cast, as_, hr))
    yesterday()
    with as_(cast.ana) as uow:
        replay(uow)
        eve = uow.session.get(Employee, (cast.acme.id, eve_left))
        uow.session.refresh(eve)
        assert (eve.last_name, eve.active) == (NAME, False)
        [request] = uow.session.scalars(select(ErasureRequest))
        assert request.status == "partly"
        assert carrying_out.due_today(uow) == []


def test_a_request_that_the_backup_knew_is_taken_further(yesterday, eve_left, cast, as_, hr, carry_out):
    leave(as_, cast, date(2022, 5, 31))
    carry_out(approve(cast, as_, hr))
    yesterday()
    with as_(cast.ana) as uow:
        requests.enter(uow, email="eve@acme.example", received_on=uow.today())
    with as_(cast.ana) as uow:
        assert replay(uow) == 1
        [request] = uow.session.scalars(select(ErasureRequest))
        assert request.status == "erased"


def test_others_are_left_alone(yesterday, eve_left, cast, as_, hr, carry_out):
    carry_out(approve(cast, as_, hr))
    yesterday()
    with as_(cast.zoe) as uow:
        assert replay(uow) == 0
    with as_(cast.ana) as uow:
        before = uow.session.scalar(select(func.count()).select_from(Employee).where(Employee.active))
        replay(uow)
        assert uow.session.scalar(select(func.count()).select_from(Employee).where(Employee.active)) == before


def test_a_broken_ledger_stops_it(yesterday, eve_left, cast, as_, hr, carry_out, app):
    carry_out(approve(cast, as_, hr))
    file = app.extensions["staffroom"].outside.erasures.folder / "erasures.jsonl"
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b'"n":1', b'"n":2'))
    try:
        with pytest.raises(LedgerBroken), as_(cast.ana) as uow:
            replay(uow)
    finally:
        file.unlink()


def test_the_ledger_says_nothing_of_the_person(yesterday, eve_left, cast, as_, hr, carry_out, app):
    carry_out(approve(cast, as_, hr))
    written = (app.extensions["staffroom"].outside.erasures.folder / "erasures.jsonl").read_text()
    assert str(eve_left) in written
    for word in ("eve", NAME, "acme"):
        assert word not in written.lower().replace("event", "")


def test_events_of_the_log_keep_their_number(yesterday, eve_left, cast, as_, hr, carry_out):
    carry_out(approve(cast, as_, hr))
    yesterday()
    with as_(cast.ana) as uow:
        before = uow.session.scalar(select(func.count()).select_from(AuditEvent))
        replay(uow)
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(func.count()).select_from(AuditEvent)) == before + 1
        assert uow.session.scalar(text("SELECT count(*) FROM audit.event WHERE payload IS NULL")) > 0
