"""The public page of evidence: what is there with its figures, what is missing or too old said so, and nobody named."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.integrations.evidence import EvidenceFolder
from portal.models.backup import BackupOutcome, BackupRun, Drill
from portal.services import evidence
from portal.services.evidence import EvidenceState
from portal.web.trust_words import PROMISES
from tests.fixtures.cast import SENTINEL


@pytest.fixture
def folder(tmp_path):
    return EvidenceFolder(tmp_path / "evidence")


def states(folder, now):
    return {one.promise: one.state for one in evidence.collect(folder, now)}


def test_without_evidence_the_page_says_so_and_names_nobody(client, cast):
    """P13, P14: public, and what is missing is not painted green."""
    page = client.page("/trust")
    assert page.count("No evidence yet") >= 3
    for name in ("Acme", "Beta", SENTINEL, cast.ana.email):
        assert name not in page
    assert "backup drill" in page


def test_evidence_of_a_file_is_good_then_old_and_a_failure_stays_one(folder, staffroom, as_, cast):
    now = staffroom.clock.now()
    with as_(cast.ana):
        assert states(folder, now)["pentest"] is EvidenceState.MISSING
        folder.write("pentest", at=now, version="1", passed=True, checks=40, failed=0)
        found = {one.promise: one for one in evidence.collect(folder, now)}["pentest"]
        assert found.state is EvidenceState.GOOD
        assert dict(found.figures) == {"checks": 40, "failed": 0}
        assert states(folder, now + timedelta(days=36))["pentest"] is EvidenceState.OLD
        folder.write("pentest", at=now, version="1", passed=False, checks=40, failed=1)
        assert states(folder, now)["pentest"] is EvidenceState.FAILED
        folder.write("pentest", at=now, version="1", passed=False, checks=40, failed=0, not_run=2)
        assert states(folder, now)["pentest"] is EvidenceState.INCOMPLETE, "silence is not health"
        (folder.folder / "pentest.json").write_text('{"at": "yesterday"}')
        assert states(folder, now)["pentest"] is EvidenceState.MISSING


def test_backups_and_drills_show_their_age_and_their_figures(client, folder, staffroom, as_, cast):
    now = staffroom.clock.now()
    with as_(cast.ana) as uow:
        uow.session.add(
            BackupRun(
                id="20260615T020000Z-00000000",
                taken_at=now - timedelta(hours=3),
                place="/srv/secret-place",
                outcome=BackupOutcome.GOOD,
                size_bytes=4_711,
            )
        )
        uow.session.add(
            Drill(
                backup_id="20260615T020000Z-00000000",
                started_at=now - timedelta(days=1),
                duration_ms=42_000,
                recovery_point_seconds=60,
                passed=True,
                checks="[]",
                size_bytes=1,
                row_count=5,
                file_count=2,
                version="9.9",
            )
        )
    page = client.page("/trust")
    assert "<dd>4.7 kB</dd>" in page and "4711" not in page
    assert "42" in page and "9.9" in page
    assert "secret-place" not in page
    with as_(cast.ana):
        assert states(folder, now)["backup"] is EvidenceState.GOOD
        assert states(folder, now + timedelta(hours=24))["backup"] is EvidenceState.OLD
        assert states(folder, now + timedelta(days=8))["drill"] is EvidenceState.OLD


def test_each_hash_of_the_page_can_be_made_anew_from_the_text_that_the_command_prints(
    app, client, staffroom, cast, as_
):
    """P13: the same evidence has the same hash at any later hour."""
    now = staffroom.clock.now()
    folder = EvidenceFolder(staffroom.settings.instance / "evidence")
    folder.write("isolation", at=now, version="7", passed=True, companies=2, tables=90, failed=0)
    with as_(cast.ana) as uow:
        made = {"place": "x", "outcome": BackupOutcome.GOOD, "size_bytes": 4_711}
        uow.session.add(BackupRun(id="20260615T020000Z-00000000", taken_at=now - timedelta(hours=3), **made))
    page = client.page("/trust", headers={"Accept-Language": "cs"})
    assert "Dodrženo" in page, "kept as a promise is, not as data are"
    later = {one.promise: one.sha256 for one in evidence.collect(folder, now + timedelta(hours=5))}
    for promise in ("isolation", "backup"):
        text = app.test_cli_runner().invoke(args=["trust", "show", promise]).output
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert digest in page and later[promise] == digest, text
        assert digest in app.test_cli_runner().invoke(args=["trust", "show"]).output
    answer = app.test_cli_runner().invoke(args=["trust", "show", "nonsense"])
    assert answer.exit_code == 2 and "isolation" in answer.output


def test_each_promise_names_its_commands_and_the_page_for_readers_knows_them():
    """A stranger can type what the page says; tests/architecture/test_documented_commands.py types the document."""
    document = (Path(__file__).parents[3] / "docs" / "security.md").read_text()
    told = set(re.findall(r"`([^`\n]+)`", document))
    for promise, (*_, commands) in PROMISES.items():
        assert commands and set(commands) <= told, promise
