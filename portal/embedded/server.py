"""The embedded server as the portal sees it: start it, join one that runs, stop it, reach it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import URL

from portal import database_roles
from portal.database_url import libpq
from portal.embedded import cluster
from portal.embedded.binaries import find_binaries
from portal.embedded.errors import EmbeddedPostgresError
from portal.embedded.launcher import Launcher, find_launcher
from portal.embedded.lock import FolderLock, remove_stale_pid_file
from portal.embedded.process import ServerProcess

DATABASE = "staffroom"
#: Seconds. Recovery after a crash may take a while; a clean start takes a fraction of one.
START_PATIENCE, JOIN_PATIENCE, LOCK_PATIENCE = 120, 20, 2
PORT_ATTEMPTS = 5


class EmbeddedPostgres:
    """A private PostgreSQL with its data in `folder`: loopback only, TLS and a password on every connection."""

    def __init__(self, folder: Path, *, durable: bool = True, port: int | None = None) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "cluster"
        self.durable = durable
        self.database = DATABASE
        self.port = port or 0
        self.process: ServerProcess | None = None
        self._fixed_port = port is not None
        self._passwords: dict[str, str] = {}
        self._refusal = ""

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return self.url("staffroom_owner")

    @property
    def app_url(self) -> str:
        """For pages and jobs."""
        return self.url("staffroom_app")

    @property
    def backup_url(self) -> str:
        """For backups: sees every company's rows and changes none."""
        return self.url("staffroom_backup")

    @property
    def support_url(self) -> str:
        """For the operator's staff inside a company."""
        return self.url("staffroom_support")

    @property
    def admin_url(self) -> str:
        """The superuser, in the database `postgres`."""
        return self.url(cluster.SUPERUSER, database="postgres")

    def url(self, role: str, *, database: str = DATABASE) -> str:
        """A SQLAlchemy URL; the certificate is checked, so nobody else on the machine can pose as the server."""
        address = URL.create(
            "postgresql+psycopg",
            username=role,
            password=self._passwords[role],
            host=cluster.LOOPBACK,
            port=self.port,
            database=database,
            query={"sslmode": "verify-full", "sslrootcert": str(self.data / "server.crt")},
        )
        return address.render_as_string(hide_password=False)

    def start(self) -> None:
        """Creates the database on the first start, and recovers it after a crash.

        Call it on the main thread: the kernel ends the server together with the thread that started it.
        """
        if not self._start_unless_running(patience=LOCK_PATIENCE):
            raise EmbeddedPostgresError(
                f"A database is already running in {self.folder}. Stop the other Staffroom first, "
                "or set STAFFROOM_INSTANCE to another folder."
            )

    def start_or_join(self) -> None:
        """Like start, but uses the server that already runs here: for commands beside a running portal."""
        if self._start_unless_running(patience=0):
            return
        self._passwords = cluster.passwords(self.folder / "passwords.json")
        self._wait(lambda: self._running_port() and self._answers(), patience=JOIN_PATIENCE)

    def stop(self) -> None:
        """Ends the server that this object started; one that it only joined runs on."""
        if self.process is not None:
            self.process.stop()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_unless_running(self, *, patience: float) -> bool:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start the embedded PostgreSQL on the main thread")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FolderLock(self.folder / "lock")
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"The folder {self.folder} belongs to another user. Start Staffroom as that user, "
                "or set STAFFROOM_INSTANCE to a folder of your own."
            ) from error
        with lock:
            if not lock.acquire(patience=patience):
                return False
            try:
                self._start(lock)
            except BaseException:
                self.stop()
                raise
            return True

    def _start(self, lock: FolderLock) -> None:
        launcher = find_launcher()
        if launcher.uid != os.geteuid():
            self.folder.chmod(0o711)  # The server's user must be able to pass through.
        if not launcher.can_enter(self.folder):
            raise EmbeddedPostgresError(
                f"The user who must run PostgreSQL here cannot enter {self.folder}: set STAFFROOM_INSTANCE to a folder "
                "outside your home, or DATABASE_URL to a server of your own."
            )
        self._passwords = cluster.passwords(self.folder / "passwords.json")
        version = self.data / "PG_VERSION"
        binaries = find_binaries(int(version.read_text()) if version.exists() else None)
        if not version.exists():
            cluster.create(
                self.data,
                binaries=binaries,
                launcher=launcher,
                password=self._passwords[cluster.SUPERUSER],
                durable=self.durable,
            )
        remove_stale_pid_file(self.data)
        launcher.give(self.data)
        cluster.protect(self.data, launcher)
        self._launch(binaries / "postgres", launcher, lock)
        self._prepare()

    def _launch(self, postgres: Path, launcher: Launcher, lock: FolderLock) -> None:
        """A port found free can be taken by a stranger before the server has it: then try another."""
        for attempt in range(1, PORT_ATTEMPTS + 1):
            if not self._fixed_port:
                self.port = _free_port()
            log = self.folder / "server.log"
            process = ServerProcess(postgres, self.data, log, port=self.port, durable=self.durable)
            self.process = process
            process.start(launcher, lock=lock.descriptor)
            self._wait(self._ended_or_answers, patience=START_PATIENCE)
            if not process.ended:
                return
            said = process.said()
            if "could not bind" not in said:
                raise EmbeddedPostgresError(f"PostgreSQL did not start. It said:\n{said[-2000:]}")
            if self._fixed_port or attempt == PORT_ATTEMPTS:
                raise EmbeddedPostgresError(
                    f"Port {self.port} of this machine is in use: choose another for the database."
                )

    def _wait(self, condition: Callable[[], object], *, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"The database in {self.folder} did not answer within {patience} seconds. What it is doing "
                    f"stands in {self.folder / 'server.log'}; the last attempt to reach it said: {self._refusal}"
                )
            time.sleep(0.03)

    def _ended_or_answers(self) -> bool:
        return self.process is None or self.process.ended or self._answers()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(libpq(self.admin_url)) as connection:
                (recovering,) = connection.execute("SELECT pg_is_in_recovery()").fetchone() or (True,)
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedPostgresError(
                    f"{self.folder / 'passwords.json'} does not fit the database beside it: "
                    "put back the two from one backup."
                ) from error
            self._refusal = str(error)
            return False
        if recovering:
            # It reads already, before it has replayed its log; nothing can be written.
            self._refusal = "the server is still replaying its log"
        return not recovering

    def _running_port(self) -> int:
        """From PostgreSQL's pid file, whose fourth line is the port; 0 while there is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return 0
        self.port = int(lines[3]) if len(lines) > 3 else 0
        return self.port

    def _prepare(self) -> None:
        address = libpq(self.admin_url)
        roles = {role: self._passwords[role] for role in cluster.ROLES}
        database_roles.bootstrap(address, database=DATABASE, passwords=roles)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        database_roles.prepare_checks(libpq(self.admin_url, dbname=DATABASE))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((cluster.LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
