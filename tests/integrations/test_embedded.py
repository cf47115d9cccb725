"""The embedded PostgreSQL: it keeps data through crashes, never outlives its parent, and refuses plain text."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.database_url import libpq
from portal.embedded import EmbeddedPostgres, EmbeddedPostgresError
from portal.embedded.cluster import LOOPBACK

PROJECT = Path(__file__).parents[2]
#: A process that starts the server in the folder it is given, reports both pids, and hangs.
PARENT = """
import sys, time
from pathlib import Path
from portal.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.process.pid, server.app_url, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Not pytest's own temporary folder: where namespaces are shut, another user must be able to enter."""
    with tempfile.TemporaryDirectory(prefix="staffroom-embedded-") as place:
        Path(place).chmod(0o711)
        yield Path(place)


@pytest.fixture
def tmp_path(place: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=place))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="module")
def stopped(place: Path) -> Path:
    """A folder with a database in it, stopped cleanly."""
    folder = place / "stopped with a space é"
    with EmbeddedPostgres(folder) as server, connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('first')")
    return folder


@pytest.fixture
def folder(stopped: Path, tmp_path: Path) -> Path:
    """The test's own copy, to start and to hurt."""
    return shutil.copytree(stopped, tmp_path / "with a space é")


@pytest.fixture(scope="module")
def server(stopped: Path, place: Path) -> Iterator[EmbeddedPostgres]:
    """Started a second time, for tests that only ask it something."""
    folder = shutil.copytree(stopped, place / "started with a space é")
    with EmbeddedPostgres(folder) as server:
        yield server


def connect(url: str, **changes: str) -> psycopg.Connection:
    return psycopg.connect(libpq(url, **changes))


def words(server: EmbeddedPostgres) -> list[str]:
    with connect(server.owner_url) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept")]


def test_a_restart_keeps_the_data(server: EmbeddedPostgres) -> None:
    assert "first" in words(server)


def test_its_files_are_private(server: EmbeddedPostgres) -> None:
    files = ("passwords.json", "server.log", "cluster/server.key", "cluster/pg_hba.conf")
    assert {(server.folder / file).stat().st_mode & 0o077 for file in files} == {0}


def test_it_listens_on_loopback_alone(server: EmbeddedPostgres) -> None:
    with connect(server.admin_url) as connection:
        shown = "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')"
        assert connection.execute(shown).fetchone() == (LOOPBACK, "")


def test_it_checks_every_page_it_reads_from_disk(server: EmbeddedPostgres) -> None:
    with connect(server.admin_url) as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_it_refuses_a_connection_without_tls(server: EmbeddedPostgres) -> None:
    """T145: sslmode=disable is refused, with the right password, for every role."""
    for url in (server.admin_url, server.owner_url, server.app_url):
        with pytest.raises(psycopg.OperationalError, match="no encryption"):
            connect(url, sslmode="disable")


def test_its_addresses_refuse_another_server(server: EmbeddedPostgres, tmp_path: Path) -> None:
    """T145: a certificate that is not this server's is refused before any password is sent."""
    other = EmbeddedPostgres(tmp_path / "other")
    with other, pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        connect(server.app_url, port=str(other.port))


def test_it_speaks_no_tls_older_than_1_2(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect(server.app_url, ssl_min_protocol_version="TLSv1", ssl_max_protocol_version="TLSv1.1")


def test_it_refuses_a_wrong_password(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server.app_url, password="wrong")


def test_the_app_role_owns_nothing_and_creates_nothing(server: EmbeddedPostgres) -> None:
    """An owner is not bound by row security, and whoever can create can shadow what others call."""
    owned = """
        SELECT (SELECT count(*) FROM pg_shdepend JOIN pg_roles ON refobjid = pg_roles.oid
                WHERE rolname = 'staffroom_app' AND deptype = 'o')
    """
    with connect(server.admin_url, dbname="staffroom") as connection:
        assert connection.execute(owned).fetchone() == (0,)
    for statement in ("CREATE TABLE mine ()", "CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine ()"):
        with connect(server.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_app_role_reads_nothing_unless_granted(server: EmbeddedPostgres) -> None:
    with connect(server.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM kept")


def test_the_app_role_enters_no_other_database(server: EmbeddedPostgres) -> None:
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            connect(server.app_url, dbname=database)


def test_no_role_of_the_portal_can_step_around_row_security(server: EmbeddedPostgres) -> None:
    strong = """
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'staffroom%'
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
    """
    with connect(server.admin_url) as connection:
        assert connection.execute(strong).fetchall() == [("staffroom_backup",)], "it must see every row"


def test_the_role_of_backups_changes_nothing(server: EmbeddedPostgres) -> None:
    """Even when it takes back the setting that makes its transactions read-only."""
    writable = "-c default_transaction_read_only=off"
    for statement in (
        "CREATE TABLE mine ()",
        "DELETE FROM kept",
        "TRUNCATE kept",
        "SELECT pg_read_file('x')",
    ):
        with (
            connect(server.backup_url, options=writable) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)
    with connect(server.backup_url) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM kept").fetchone() == (True,)


def test_the_owner_hands_a_function_to_the_audit_role_that_only_the_granted_may_call(
    server: EmbeddedPostgres,
) -> None:
    with connect(server.owner_url) as connection:
        connection.execute("CREATE OR REPLACE FUNCTION append() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        connection.execute("ALTER FUNCTION append() OWNER TO staffroom_audit")
    with connect(server.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT append()")
    with connect(server.owner_url) as connection:
        connection.execute("GRANT EXECUTE ON FUNCTION append() TO staffroom_app")
    with connect(server.app_url) as connection:
        assert connection.execute("SELECT append()").fetchone() == (1,)
    with connect(server.owner_url) as connection:
        connection.execute("DROP FUNCTION append()")


def test_a_second_start_says_what_to_do(server: EmbeddedPostgres) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"already running .* Stop the other Staffroom"):
        EmbeddedPostgres(server.folder).start()
    assert "first" in words(server)


def test_a_command_joins_the_running_server_and_leaves_it_running(server: EmbeddedPostgres) -> None:
    beside = EmbeddedPostgres(server.folder)
    beside.start_or_join()
    assert beside.app_url == server.app_url
    beside.stop()
    assert "first" in words(server)


def test_a_port_in_use_is_named(server: EmbeddedPostgres, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=f"Port {server.port} of this machine is in use"):
        EmbeddedPostgres(tmp_path / "other", port=server.port).start()


def test_it_recovers_a_committed_row_after_kill_9(folder: Path) -> None:
    """kill -9 of the server right after a commit: the next start has the row."""
    with EmbeddedPostgres(folder) as server:
        with connect(server.owner_url) as connection:
            connection.execute("INSERT INTO kept VALUES ('committed')")
        assert server.process is not None
        os.kill(server.process.pid or 0, signal.SIGKILL)
    with EmbeddedPostgres(folder) as server:
        assert "committed" in words(server)


def test_it_starts_although_its_old_pid_belongs_to_a_stranger_now(folder: Path) -> None:
    """After a crash of the machine or container, the number in the pid file may be anybody's."""
    data = folder / "cluster"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n1\n\n\n\n")
        with EmbeddedPostgres(folder) as server:
            assert "first" in words(server)
        stranger.kill()


def test_it_starts_over_after_an_interrupted_creation(tmp_path: Path) -> None:
    half_made = tmp_path / "cluster.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("15")
    with EmbeddedPostgres(tmp_path, durable=False) as server, connect(server.app_url) as connection:
        assert connection.execute("SELECT current_user, current_setting('timezone')").fetchone() == (
            "staffroom_app",
            "UTC",
        )


def test_passwords_of_another_database_are_explained(folder: Path, tmp_path: Path) -> None:
    passwords = folder / "passwords.json"
    kept = passwords.read_bytes()
    passwords.write_bytes(kept.replace(kept.split(b'"')[3], b"wrong"))
    try:
        with pytest.raises(EmbeddedPostgresError, match="does not fit the database beside it"):
            EmbeddedPostgres(folder).start()
    finally:
        passwords.write_bytes(kept)


def test_kill_9_of_its_parent_takes_the_server_with_it(folder: Path) -> None:
    """A server left behind would hold the data of a portal that nobody sees running."""
    command = [sys.executable, "-c", PARENT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        pid, url = parent.stdout.readline().split()
        connect(url).close()
        parent.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        connect(url)
    with EmbeddedPostgres(folder) as server:
        assert "first" in words(server)
