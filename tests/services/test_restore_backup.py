"""A backup comes back whole, is asked everything before it is used, and yesterday's ways in stay shut."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from portal.database_url import libpq
from portal.db import open_support_session
from portal.integrations.backup_key import BackupKey
from portal.integrations.keys import MasterKeys
from portal.models import DocumentVersion
from portal.models.operator import OperatorSession, OperatorStaff
from portal.services import operator_staff, sessions
from portal.services.backups import checks, drills, making, nightly, restoring, switching
from portal.services.backups.checking import manifest_of
from portal.services.backups.manifest import CONTENTS, DATABASE
from portal.services.backups.restored import running
from portal.services.backups.restoring import RestoreFailed
from portal.services.operator_work import OperatorWork
from tests.factories.people import identity_of
from tests.fixtures.portal import NOW


@pytest.fixture
def restored(kept, tmp_path):
    """A restored portal of a backup that was taken while Eve was signed in, and one of the staff at their own door."""
    with kept.work(kept.cast.eve) as uow:
        sessions.start(uow, identity_of(uow, kept.cast.eve.employee_id), browser="tests", complete=True)
    with kept.app.app_context(), open_support_session() as session:
        operator_staff.add(
            OperatorWork(session, kept.clock, "command", kept.staffroom.outside),
            email="sam@operator.example",
            name="Sam Supporter",
        )
        until = kept.clock.now() + timedelta(minutes=20)
        (staff_id,) = session.scalars(select(OperatorStaff.id))
        session.add(
            OperatorSession(
                staff_id=staff_id, token_hash=b"0", ip="127.0.0.1", idle_until=until, absolute_until=until
            )
        )
        session.commit()
    manifest = nightly.create(kept.backups)
    place = {"outside": kept.staffroom.outside, "clock": kept.clock, "version": "test-1", "durable": False}
    with running(tmp_path / "restored", **place) as portal:
        yield portal, restoring.bring_back(kept.backups, manifest, portal)


def failing(portal, contents) -> dict[str, str]:
    return {check.name: check.detail for check in checks.run(portal, contents) if not check.passed}


def test_every_check_bites(kept, restored):
    """One restored portal, hurt in each way that a check is there to find, and mended again."""
    portal, contents = restored
    assert failing(portal, contents) == {}
    with psycopg.connect(libpq(portal.server.url("postgres")), autocommit=True) as admin:
        admin.execute("ALTER TABLE absence NO FORCE ROW LEVEL SECURITY")
        assert failing(portal, contents) == {"isolation": "absence has no row security"}
        admin.execute("ALTER TABLE absence FORCE ROW LEVEL SECURITY")
        admin.execute("ALTER ROLE staffroom_app BYPASSRLS")
        assert set(failing(portal, contents)) == {"roles", "isolation"}
        admin.execute("ALTER ROLE staffroom_app NOBYPASSRLS")
        cut = replace(contents, heads={**contents.heads, str(kept.cast.acme.id): (1, "00")})
        assert set(failing(portal, cut)) == {"audit"}
        admin.execute("UPDATE audit.event SET payload = '{}' WHERE seq = 2")
        assert set(failing(portal, contents)) == {"audit"}
        admin.execute("DELETE FROM team_membership WHERE id = (SELECT id FROM team_membership LIMIT 1)")
        assert set(failing(portal, contents)) == {"audit", "rows"}
    (name,) = contents.files
    company, _, key = name.partition("/")
    path = portal.files._path(*(type(kept.cast.acme.id)(part) for part in (company, key)))
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert "is not as it was" in failing(portal, contents)["files"]
    path.write_bytes(good)
    assert "files" not in failing(portal, contents)


def test_a_drill_passes_and_its_figures_are_kept(kept):
    manifest = nightly.create(kept.backups)
    kept.clock.move_to(kept.clock.now() + timedelta(hours=5))
    answer = kept.command("drill")
    assert answer.exit_code == 0, answer.output
    report = drills.latest_drill()
    assert report is not None and report.passed and report.backup_id == manifest.id
    assert report.recovery_point_seconds == 5 * 3600
    assert 0 < report.duration_ms < 600_000
    assert (report.row_count, report.file_count, report.size_bytes) == (manifest.rows, 1, manifest.size)
    assert [check.name for check in report.checks] == [
        "roles", "rows", "pages", "isolation", "audit", "files", "ways in", "audit after",
        "erased",
    ]  # fmt: skip
    assert manifest.id in kept.command("drill", "--last").output
    assert "passed" in kept.command("drill", "--all").output


def test_a_dump_that_was_cut_off_before_it_was_sealed_fails_the_drill(kept, monkeypatch):
    """T138: its list of contents still reads well, and every byte is as it was written."""
    whole = making._seal

    def cut(key, path, stream):
        if path.name != DATABASE:
            return whole(key, path, stream)
        with stream as opened:
            content = opened.read()
        return whole(key, path, io.BytesIO(content[: len(content) * 3 // 4]))

    monkeypatch.setattr(making, "_seal", cut)
    nightly.create(kept.backups)
    assert all(verdict.good for verdict in nightly.verify_all(kept.backups))
    answer = kept.command("drill")
    assert answer.exit_code == 1
    assert "pg_restore ended with 1" in answer.output
    report = drills.latest_drill()
    assert report is not None and not report.passed


def test_a_flipped_byte_is_not_restored(kept):
    manifest = nightly.create(kept.backups)
    file = kept.folder / manifest.id / DATABASE
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(RestoreFailed, match="was altered"):
        restoring.chosen(kept.backups)


def test_wrong_keys_are_named_and_nothing_is_begun(kept, tmp_path):
    """T140: the key of the backups, and the master keys that open what lies inside."""
    manifest = nightly.create(kept.backups)
    other = BackupKey.create(tmp_path / "other.key")
    with pytest.raises(RestoreFailed, match=f"made with the backup key {kept.backups.key.fingerprint}"):
        restoring.chosen(replace(kept.backups, key=other))
    foreign = MasterKeys.load(tmp_path / "foreign.json", create=True)
    with pytest.raises(RestoreFailed, match=f"needs the master key {manifest.master_key}"):
        restoring.chosen(replace(kept.backups, master_keys=foreign))
    MasterKeys.rotate(kept.instance / "keys" / "master.json")
    rotated = MasterKeys.load(kept.instance / "keys" / "master.json", create=False)
    assert restoring.chosen(replace(kept.backups, master_keys=rotated)).id == manifest.id


def test_restoring_puts_a_portal_beside_with_yesterdays_ways_in_shut(kept, tmp_path):
    """T144: sessions and links of the backup's day are dead, waiting letters stay, and the log says so."""
    with kept.work(kept.cast.eve) as uow:
        sessions.start(uow, identity_of(uow, kept.cast.eve.employee_id), browser="tests", complete=True)
    nightly.create(kept.backups)
    folder = tmp_path / "beside"
    answer = kept.command("restore", "--into", str(folder))
    assert answer.exit_code == 0, answer.output
    assert answer.output.count("ok    ") == 6
    place = {"outside": kept.staffroom.outside, "clock": kept.clock, "version": "test-1", "durable": False}
    with running(folder, **place) as portal:
        with portal.administrator() as admin:
            alive = admin.execute("SELECT count(*) FROM sign_in_session WHERE revoked_at IS NULL").fetchone()
            assert alive == (0,)
            said = admin.execute(
                "SELECT count(*) FROM audit.event WHERE action = 'company.restored'"
            ).fetchone()
            assert said == (2,)
        with portal.work(kept.cast.acme, reason="test") as uow:
            assert uow.session.query(DocumentVersion).count() == 1
    with psycopg.connect(libpq(kept.database.admin_url)) as admin:
        alive = admin.execute("SELECT count(*) FROM sign_in_session WHERE revoked_at IS NULL").fetchone()
    assert alive == (1,), "the running portal goes on as it was"
    again = kept.command("restore", "--into", str(folder))
    assert again.exit_code == 2 and "is not empty" in again.output


def test_parts_are_opened_for_a_server_of_ones_own(kept, tmp_path):
    manifest = nightly.create(kept.backups)
    answer = kept.command("extract", manifest.id, str(tmp_path / "open"))
    assert answer.exit_code == 0, answer.output
    files = {path.name: path for path in (tmp_path / "open").iterdir()}
    assert set(files) == {"database.dump", "roles.sql", "files.tar", "contents.json"}
    assert files["database.dump"].read_bytes().startswith(b"PGDMP")
    assert {path.stat().st_mode & 0o077 for path in files.values()} == {0}


@pytest.mark.parametrize("after", range(5))
def test_a_switch_broken_off_anywhere_is_finished_at_the_next_start(tmp_path, monkeypatch, after):
    """Never an empty portal in between: the next start would make a new database."""
    instance, beside = tmp_path / "instance", tmp_path / "instance" / "restored"
    for folder, word in ((instance, "old"), (beside, "new")):
        for part in ("postgres", "files"):
            (folder / part).mkdir(parents=True)
            (folder / part / "word").write_text(word)
    steps, rename = [], type(tmp_path).rename

    def killed(self, target):
        steps.append(target)
        if len(steps) > after:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(type(tmp_path), "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            switching.switch(instance, beside, at=NOW)
    begun = after > 0
    assert switching.finish(instance) is begun
    words = {part: (instance / part / "word").read_text() for part in ("postgres", "files")}
    assert set(words.values()) == {"new" if begun else "old"}
    kept_copy = list(instance.glob("replaced-*/*/word"))
    assert [path.read_text() for path in kept_copy] == (["old", "old"] if begun else [])
    assert switching.finish(instance) is False


def test_the_manifest_names_nobody(kept):
    manifest = nightly.create(kept.backups)
    assert manifest_of(kept.backups.place, manifest.id, kept.backups.key) == manifest
    assert CONTENTS in {part.name for part in manifest.parts}
