"""A backup is there as a whole, sealed, signed and compared, or it is not there at all."""

from __future__ import annotations

import io
import tarfile
from datetime import timedelta

import psycopg
import pytest

from portal.database_url import libpq
from portal.domain.backups import Trouble, troubles
from portal.integrations import database_dump
from portal.integrations.backup_key import BackupKey
from portal.services.backups import backup_log, making, nightly
from portal.services.backups.checking import verify
from portal.services.backups.making import BackupFailed
from portal.services.backups.manifest import CONTENTS, DATABASE, FILES, PARTS, ROLES, Contents
from tests.fixtures.backups import PAPER
from tests.fixtures.cast import SENTINEL


def plain(kept, backup_id, part, key=None):
    opened = io.BytesIO()
    with kept.backups.place.open(backup_id, part) as sealed:
        (key or kept.backups.key).open(sealed, opened)
    return opened.getvalue()


def test_it_holds_the_database_the_roles_and_the_files(kept):
    manifest = nightly.create(kept.backups)
    assert kept.backups.place.ids() == [manifest.id]
    assert plain(kept, manifest.id, DATABASE).startswith(b"PGDMP")
    roles = plain(kept, manifest.id, ROLES).decode()
    assert all(
        f"CREATE ROLE {name};" in roles for name in ("staffroom_app", "staffroom_owner", "staffroom_audit")
    )
    contents = Contents.from_json(plain(kept, manifest.id, CONTENTS))
    with tarfile.open(fileobj=io.BytesIO(plain(kept, manifest.id, FILES))) as archive:
        assert set(archive.getnames()) == set(contents.files)
    assert (manifest.files, len(contents.files), contents.absent) == (1, 1, ())
    acme = str(kept.cast.acme.id)
    assert contents.tables["public.employee"].companies[acme] == 5
    assert contents.heads[acme][0] == contents.tables["audit.event"].companies[acme]
    assert manifest.rows > 50
    assert verify(kept.backups.place, manifest.id, kept.backups.key).good


def test_nothing_in_its_place_can_be_read_without_the_key(kept):
    """Names of companies and people, passwords of roles, and no key beside what it opens."""
    manifest = nightly.create(kept.backups)
    files = [path.read_bytes() for path in (kept.folder / manifest.id).iterdir()]
    everything = b"".join(files)
    assert not any(word in everything for word in (SENTINEL.encode(), PAPER, b"acme", b"SCRAM-SHA-256"))
    opened = b"".join(plain(kept, manifest.id, part) for part in PARTS)
    assert b"SCRAM-SHA-256" not in opened, "a restore sets passwords of its own"
    master = (kept.instance / "keys" / "master.json").read_bytes()
    assert master.split(b'"')[-2] not in opened
    assert PAPER not in opened, "files stay sealed with their company's key"
    assert {path.stat().st_mode & 0o077 for path in (kept.folder / manifest.id).iterdir()} == {0}


def test_it_is_of_one_moment_though_people_go_on_working(kept, monkeypatch):
    """Rows that come while it is made are in neither the dump nor the figures."""
    dump = database_dump.dump

    def busy(url, *, snapshot):
        backup_log.begin("late", kept.clock.now(), "x")
        return dump(url, snapshot=snapshot)

    monkeypatch.setattr(database_dump, "dump", busy)
    manifest = nightly.create(kept.backups)
    contents = Contents.from_json(plain(kept, manifest.id, CONTENTS))
    assert contents.tables["public.backup_run"].total == 1


@pytest.mark.parametrize("program", ["dump", "roles"])
def test_a_program_that_ends_badly_leaves_no_backup(kept, monkeypatch, program):
    """A9: pg_dump that wrote something and then failed is no backup, like a pipe whose first part broke."""
    name = "pg_dump" if program == "dump" else "pg_dumpall"
    broken = kept.instance / "bin"
    broken.mkdir()
    (broken / name).write_text("#!/bin/sh\necho PGDMP half of it\necho out of memory >&2\nexit 3\n")
    (broken / name).chmod(0o755)
    real = database_dump._command

    def command(which, url, *options):
        words, environment = real(which, url, *options)
        return ([str(broken / which), *words[1:]] if which == name else words), environment

    monkeypatch.setattr(database_dump, "_command", command)
    with pytest.raises(BackupFailed, match=f"{name} ended with 3: out of memory"):
        nightly.create(kept.backups)
    assert kept.backups.place.ids() == []
    assert list(kept.folder.glob("*")) == []
    assert troubles(backup_log.standing(), kept.clock.now()) == [Trouble.NONE_YET]


def test_a_password_is_never_among_the_words_of_a_command(kept):
    words, environment = database_dump._command("pg_dump", kept.database.backup_url)
    secret = environment["PGPASSWORD"]
    assert secret and not any(secret in word for word in words)


def test_the_role_of_the_portal_makes_no_backup(kept):
    """Row security would leave out the rows of every company; pg_dump refuses instead."""
    weak = making.Backups(**{**vars(kept.backups), "database_url": kept.database.app_url})
    with pytest.raises(BackupFailed):
        nightly.create(weak)
    assert kept.backups.place.ids() == []


def test_a_place_that_is_not_mounted_is_said(kept):
    kept.folder.rmdir()
    with pytest.raises(BackupFailed, match="Mount the disk"):
        nightly.create(kept.backups)


def test_a_flipped_byte_is_found_the_same_day(kept):
    """T137: in any part, and in the manifest."""
    manifest = nightly.create(kept.backups)
    for name in (*PARTS, "manifest.json"):
        file = kept.folder / manifest.id / name
        good = file.read_bytes()
        place = good.index(b'"rows": ') + 8 if name == "manifest.json" else len(good) // 2
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        verdict = verify(kept.backups.place, manifest.id, kept.backups.key)
        assert not verdict.good and not verdict.wrong_key, name
        file.write_bytes(good)
    assert verify(kept.backups.place, manifest.id, kept.backups.key).good


def test_a_broken_backup_is_told_by_the_command_and_by_the_record(kept):
    """T137: what the night finds ends the command with 1 and is an alarm."""
    manifest = nightly.create(kept.backups)
    file = kept.folder / manifest.id / DATABASE
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    answer = kept.command("verify")
    assert answer.exit_code == 1
    assert f"{manifest.id}  BROKEN: {DATABASE} was altered" in answer.output
    assert Trouble.BROKEN in troubles(backup_log.standing(), kept.clock.now())


def test_a_truncated_part_is_found(kept):
    """T138: at its place."""
    manifest = nightly.create(kept.backups)
    file = kept.folder / manifest.id / DATABASE
    file.write_bytes(file.read_bytes()[:-100])
    assert "bytes instead of" in verify(kept.backups.place, manifest.id, kept.backups.key).problems[0]


def test_a_wrong_key_is_said_and_is_not_taken_for_damage(kept, tmp_path):
    """T140."""
    manifest = nightly.create(kept.backups)
    other = BackupKey.create(tmp_path / "other.key")
    verdict = verify(kept.backups.place, manifest.id, other)
    assert verdict.wrong_key
    assert kept.backups.key.fingerprint in verdict.problems[0] and other.fingerprint in verdict.problems[0]


def test_a_manifest_of_another_backup_is_refused(kept):
    first = nightly.create(kept.backups)
    kept.clock.move_to(kept.clock.now() + timedelta(days=1))
    second = nightly.create(kept.backups)
    (kept.folder / second.id / "manifest.json").write_bytes(
        (kept.folder / first.id / "manifest.json").read_bytes()
    )
    assert "belongs to" in verify(kept.backups.place, second.id, kept.backups.key).problems[0]


def test_backups_are_kept_a_month_and_not_longer(kept):
    """T142: the newest stays however old it is."""
    start = kept.clock.now()
    ids = []
    for day in (0, 29, 30):
        kept.clock.move_to(start + timedelta(days=day))
        ids.append(nightly.create(kept.backups).id)
    kept.clock.move_to(start + timedelta(days=30, hours=1))
    pruned = nightly.prune(kept.backups, nightly.verify_all(kept.backups))
    assert pruned.removed == (ids[0],)
    assert kept.backups.place.ids() == ids[1:]
    kept.clock.move_to(start + timedelta(days=90))
    assert nightly.prune(kept.backups, nightly.verify_all(kept.backups)).removed == (ids[1],)
    assert kept.backups.place.ids() == [ids[2]]
    assert troubles(backup_log.standing(), kept.clock.now()) == [
        Trouble.NEWEST_TOO_OLD,
        Trouble.OLDEST_TOO_OLD,
    ]


def test_the_command_makes_lists_and_reads(kept):
    made = kept.command("create", "--nightly")
    assert made.exit_code == 0, made.output
    assert "2 companies, 1 files" in made.output and "every byte is there" in made.output
    assert "same disk" in made.output
    listed = kept.command("list")
    assert kept.backups.place.ids()[0] in listed.output and "2 companies" in listed.output


def test_two_at_once_are_one(kept):
    begun = []

    def again(*_):
        with pytest.raises(BackupFailed, match="Another backup"):
            making.make(kept.backups)
        begun.append(1)

    making.make(kept.backups, begun=again)
    assert begun == [1]
    with psycopg.connect(libpq(kept.database.admin_url)) as admin:
        assert admin.execute("SELECT count(*) FROM backup_run").fetchone() == (0,)
