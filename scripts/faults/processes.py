"""A portal of its own on the loopback, as web, worker and database that can each be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests
from flask import Flask

from portal.app import create_app
from portal.config import PROJECT, Mode, Settings
from portal.db import db
from portal.embedded import EmbeddedPostgres
from portal.web.session_cookies import SESSION_COOKIE
from scripts.faults.crowd import Crowd, gather
from scripts.pentest.visitor import Visitor
from tests.fixtures.database_server import Database, DatabaseServer
from tests.fixtures.ports import free_port

PATIENCE = 120
WEB, WORKER, DATABASE = "web", "worker", "database"
VICTIMS = (WEB, WORKER, DATABASE)


@dataclass
class Portal:
    """The running parts, and an app in this process that looks at the same database."""

    folder: Path
    server: EmbeddedPostgres
    database: Database
    app: Flask
    crowd: Crowd
    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        return Visitor(self.port, {SESSION_COOKIE: self.crowd.tokens[name]})

    def start(self, part: str) -> None:
        if part == DATABASE:
            self.server._fixed_port = True
            self.server.start()
            return
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        web = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        web += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error", "wsgi:app"]
        with (self.folder / f"{part}.log").open("ab") as log:
            self.children[part] = subprocess.Popen(
                web if part == WEB else flask,
                cwd=PROJECT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, part: str) -> None:
        """At once and without a word, with everything that it has started."""
        if part == DATABASE:
            pid = int((self.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)
            self.server.stop()
            return
        child = self.children.pop(part)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"The web did not come back: {(self.folder / 'web.log').read_text()[-2000:]}")

    def revive(self) -> list[str]:
        """Starts again what has ended by itself, as its unit would; answers what that was."""
        ended = [part for part, child in self.children.items() if child.poll() is not None]
        for part in ended:
            del self.children[part]
            self.start(part)
        return ended

    def web_pids(self) -> list[int]:
        """Of the process that serves, and of the one that watches it."""
        parent = self.children[WEB].pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [parent, *map(int, listed)]

    def stop(self) -> None:
        for part in list(self.children):
            self.kill(part)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("STAFFROOM_", "DATABASE_"))
        }
        return kept | {
            "STAFFROOM_MODE": "test",
            "STAFFROOM_INSTANCE": str(self.folder / "instance"),
            "STAFFROOM_URL": f"http://localhost:{self.port}",
            "STAFFROOM_BACKUP_PLACE": "none",
            "DATABASE_URL": self.database.app_url,
        }


@contextmanager
def standing(people: int) -> Iterator[Portal]:
    """Database, company and processes, all gone afterwards."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="staffroom-faults-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)
        server = EmbeddedPostgres(folder / "postgres")  # as in use: what was committed survives
        server.start()
        stack.callback(server.stop)
        databases = DatabaseServer(server)
        databases.prepare_template()
        database, port = databases.clone("faults"), free_port()
        app = create_app(_settings(database, folder / "instance", port))
        with app.app_context():
            stack.callback(db.engine.dispose)
            crowd = gather(app.extensions["staffroom"], people)
            portal = Portal(folder, server, database, app, crowd, port)
            stack.callback(portal.stop)
            portal.start(WEB)
            portal.start(WORKER)
            portal.wait_until_ready()
            yield portal


def _settings(database: Database, instance: Path, port: int) -> Settings:
    return Settings(
        mode=Mode.TEST,
        instance=instance,
        url=f"http://localhost:{port}",
        database_url=database.app_url,
        key_file=instance / "keys" / "master.json",
        outbox=True,
    )
