"""pgBackRest beside a PostgreSQL of one's own, as docs/backups.md has it: incremental, to any second, sealed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from portal.embedded.binaries import find_binaries
from portal.embedded.launcher import find_launcher

pytestmark = pytest.mark.skipif(
    shutil.which("pgbackrest") is None and not os.environ.get("CI"), reason="pgBackRest is not installed"
)
#: What docs/backups.md says, with a folder in the place of the bucket.
REPOSITORY = """
[global]
repo1-path={folder}/repository
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass={key}
repo1-retention-full-type=time
repo1-retention-full=30
log-path={folder}/log
lock-path={folder}/lock
spool-path={folder}/spool
start-fast=y

[staffroom]
pg1-path={folder}/data
pg1-socket-path={folder}
pg1-port=5432
pg1-user=postgres
"""
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
archive_mode = on
archive_command = 'pgbackrest --config={folder}/pgbackrest.conf --stanza=staffroom archive-push %p'
"""


@dataclass
class Own:
    """A PostgreSQL of somebody's own with pgBackRest beside it, both as one user of the machine."""

    folder: Path
    server: subprocess.Popen[bytes] | None = None

    def configure(self, key: str = "a long key") -> None:
        path = self.folder / "pgbackrest.conf"
        path.write_text(REPOSITORY.format(folder=self.folder, key=key))
        find_launcher().give(path)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            find_launcher().short(*command),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            timeout=120,
        )

    def pgbackrest(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("pgbackrest", f"--config={self.folder}/pgbackrest.conf", "--stanza=staffroom", *words)

    def done(self, *words: str) -> str:
        answer = self.pgbackrest(*words)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def start(self) -> None:
        command = find_launcher().lasting(find_binaries() / "postgres", "-D", self.folder / "data")
        with (self.folder / "postgres.log").open("wb") as log:
            self.server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        end = time.monotonic() + 60
        while not self.accepts() and self.server.poll() is None:
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def accepts(self) -> bool:
        try:
            with self.connect() as admin:
                return admin.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(60)
            self.server = None

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def keep(self, *words: str) -> None:
        """Each row in a piece of the log of its own."""
        with self.connect() as admin:
            for word in words:
                admin.execute("INSERT INTO kept VALUES (%s)", (word,))
                admin.execute("SELECT pg_switch_wal()")

    def kept(self) -> list[str]:
        with self.connect() as admin:
            return [word for (word,) in admin.execute("SELECT word FROM kept ORDER BY word")]

    def moment(self) -> str:
        with self.connect() as admin:
            return str(*admin.execute("SELECT clock_timestamp()").fetchone())

    def said(self) -> str:
        return (self.folder / "postgres.log").read_text()


@pytest.fixture
def own():
    folder = Path(tempfile.mkdtemp(prefix="pgb-"))  # a socket's path is short
    for name in ("repository", "log", "lock", "spool"):
        (folder / name).mkdir()
    find_launcher().give(folder)
    one = Own(folder)
    one.configure()
    made = one.run(
        find_binaries() / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "-k", "-N"
    )
    assert made.returncode == 0, made.stderr
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS.format(folder=folder))
    one.start()
    with one.connect() as admin:
        admin.execute("CREATE TABLE kept (word text)")
    one.done("stanza-create")
    one.done("check")
    yield one
    one.stop()
    shutil.rmtree(folder)


def test_it_goes_back_to_the_second_before_the_mistake(own):
    """T140: full, then incremental; what came after the copy comes from the log, and nothing from after the second."""
    own.keep("first")
    own.done("--type=full", "backup")
    own.keep("second")
    own.done("--type=incr", "backup")
    own.keep("third")
    second = own.moment()
    own.keep("mistake")
    own.done("check")  # the log up to here is in the repository
    assert "status: ok" in own.done("verify", "--output=text", "--verbose")
    listed = own.done("info")
    assert "full backup" in listed and "incr backup" in listed and "cipher: aes-256-cbc" in listed
    own.stop()
    own.done("--delta", "--type=time", f"--target={second}", "--target-action=promote", "restore")
    own.start()
    assert own.kept() == ["first", "second", "third"]
    lying = b"".join(one.read_bytes() for one in (own.folder / "repository").rglob("*") if one.is_file())
    assert len(lying) > 1_000_000 and b"third" not in lying and b"PostgreSQL" not in lying
    own.stop()
    own.configure("another key")
    refused = own.pgbackrest("--delta", "restore")
    assert refused.returncode != 0, "T140: a wrong key opens nothing"
    own.start()
    assert own.kept() == ["first", "second", "third"], "and touches nothing"


def test_a_piece_of_the_log_that_is_missing_is_found_and_never_passed_over(own):
    """T139."""
    own.done("--type=full", "backup")
    own.keep("one", "two", "three")
    own.done("check")
    second = own.moment()
    own.keep("later")
    own.done("check")
    pieces = sorted((own.folder / "repository" / "archive").rglob("0000*-*"))
    pieces[len(pieces) // 2].unlink()
    verified = own.pgbackrest("verify", "--output=text", "--verbose")
    assert "missing" in verified.stdout + verified.stderr
    own.stop()
    own.done("--delta", "--type=time", f"--target={second}", "--target-action=promote", "restore")
    own.start()
    assert own.server is None or own.server.poll() is not None
    assert "recovery ended before configured recovery target was reached" in own.said()
