"""PostgreSQL restored to a point in time from its own log: whole it gets there, with a piece missing it says no."""

from __future__ import annotations

import shutil
import time

import psycopg
import pytest

from portal.database_url import libpq
from portal.embedded import EmbeddedPostgres, EmbeddedPostgresError
from portal.embedded.launcher import find_launcher

#: Slow enough that the server answers readers while it still replays.
RECOVERY = """
restore_command = 'sleep 0.5; cp {archive}/%f %p'
recovery_target_name = 'the second'
recovery_target_action = 'promote'
archive_mode = off
"""


@pytest.fixture
def logged(tmp_path):
    """A copy of a server's files, the log of what came after it, and the piece that holds the row in the middle."""
    archive = tmp_path / "archive"
    archive.mkdir()
    find_launcher().give(archive)
    server = EmbeddedPostgres(tmp_path / "server", durable=False)
    server.start()
    with psycopg.connect(libpq(server.admin_url), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET archive_mode = on")
        admin.execute(f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
        admin.execute("CREATE TABLE kept (id int)")
    server.stop()
    server.start()
    with psycopg.connect(libpq(server.admin_url), autocommit=True) as admin:
        admin.execute("SELECT pg_backup_start('copy', true)")
        shutil.copytree(tmp_path / "server", tmp_path / "copy", symlinks=True)
        (label,) = admin.execute("SELECT labelfile FROM pg_backup_stop()").fetchone()
        pieces = []
        for number in range(3):
            admin.execute("INSERT INTO kept VALUES (%s)", (number,))
            pieces += admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        admin.execute("SELECT pg_create_restore_point('the second')")
        pieces += admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        wait_for(archive / pieces[-1])
    server.stop()
    cluster = tmp_path / "copy" / server.data.name
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    shutil.rmtree(cluster / "pg_wal")
    for folder in ("pg_wal", "pg_wal/archive_status"):
        (cluster / folder).mkdir(mode=0o700)
    (cluster / "backup_label").write_text(label)
    (cluster / "recovery.signal").write_text("")
    (cluster / "postgresql.auto.conf").write_text(RECOVERY.format(archive=archive))
    for path in (cluster, *cluster.rglob("*")):
        find_launcher().give(path)
    return tmp_path / "copy", archive, pieces


def wait_for(piece) -> None:
    end = time.monotonic() + 60
    while not piece.exists():
        assert time.monotonic() < end, "the log was not archived"
        time.sleep(0.1)


def test_with_the_whole_log_every_row_until_that_second_is_there(logged):
    folder, _archive, _pieces = logged
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    try:
        with psycopg.connect(libpq(server.admin_url)) as admin:
            assert admin.execute("SELECT count(*) FROM kept").fetchone() == (3,)
    finally:
        server.stop()


def test_with_a_piece_missing_it_does_not_start_at_an_earlier_second(logged):
    """T139: it stops and says why, and nobody takes what is there for everything."""
    folder, archive, pieces = logged
    (archive / pieces[1]).unlink()
    server = EmbeddedPostgres(folder, durable=False)
    with pytest.raises(
        EmbeddedPostgresError, match="recovery ended before configured recovery target was reached"
    ):
        server.start()
    server.stop()
