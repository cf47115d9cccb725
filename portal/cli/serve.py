"""`flask serve`: the database, the web and the worker together, for one machine and for trying things out.

This process only watches: the web and the worker are programs of their own, started when the database is
ready and ended before it. `flask worker` runs a worker alone, as production does.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
from alembic import command as alembic
from alembic.config import Config
from flask import current_app

from portal.cli import demo
from portal.cli.serve_recovery import SelfRecovery
from portal.config import PROJECT, Mode, Settings
from portal.jobs.runner import job_app
from portal.web.metrics import FOLDER as METRICS_FOLDER

#: A busy machine needs a while to import everything; pages answer in milliseconds afterwards.
START_SECONDS = 90
PATIENCE_SECONDS = 20
_NOT_FOR_THE_WEB = {"DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "DATABASE_ADMIN_URL"}
#: How `_watch` says that the portal is to start again, on restored data.
_AGAIN = -1
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def command(host: str, port: int, workers: int) -> None:
    """Migrate, then serve pages and run jobs until Ctrl-C."""
    _refuse_used_port(host, port)
    staffroom = current_app.extensions["staffroom"]
    settings: Settings = staffroom.settings
    if settings.outbox and host not in LOOPBACK:
        raise click.ClickException(
            f"Messages are shown at /outbox, so {host} is refused. Set STAFFROOM_OUTBOX=off, or listen on 127.0.0.1."
        )
    url = os.environ.get("STAFFROOM_URL") or f"http://localhost:{port}"
    migrate(replace(settings, url=url))
    if settings.mode is Mode.DEMO:
        demo.load_once(url)
    environment = _environment(settings, url)
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    children = [
        _start([*web, "--workers-kill-timeout", "10", "wsgi:app"], environment),
        _start(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], environment | _for_backups(settings)
        ),
    ]
    if settings.metrics_port:
        metrics = [sys.executable, "-m", "flask", "--app", "wsgi", "metrics"]
        children.append(_start([*metrics, "--port", str(settings.metrics_port)], environment))
    _wait_for(host, port, children)
    click.echo(f"\n  Staffroom is ready at {url}\n")
    if settings.mode is Mode.DEMO:
        click.echo(demo.how_to_sign_in(url))
    click.echo("  Ctrl-C stops everything.\n")
    recovery = SelfRecovery(settings, staffroom.clock, staffroom.fence, environment | _for_backups(settings))
    code = _watch(children, recovery)
    recovery.stop()
    if code == _AGAIN:
        recovery.switch()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program, on other data
    sys.exit(code)


@click.command("worker")
def worker() -> None:
    """Run background jobs until told to stop."""
    settings: Settings = current_app.extensions["staffroom"].settings
    # A pooler gives no connection to listen on: jobs are then found by asking every few seconds.
    job_app(current_app).run_worker(
        concurrency=4, install_signal_handlers=True, listen_notify=not settings.pooled
    )


def migrate(settings: Settings) -> None:
    """Brings the database to this version; needs the owner's address, which the app itself never uses."""
    if settings.database_owner_url is None:
        return
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "portal" / "migrations"))
    config.attributes["owner_url"] = settings.database_owner_url
    alembic.upgrade(config, "head")


def _refuse_used_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another one: make run PORT=5001"
            ) from None


def _environment(settings: Settings, url: str) -> dict[str, str]:
    """What the children need: the same settings, with the database that stands already."""
    values = {
        "DATABASE_URL": str(settings.database_url),
        "DATABASE_SUPPORT_URL": str(settings.database_support_url or ""),
        "STAFFROOM_URL": url,
        "STAFFROOM_OPERATOR_URL": _operator_url(settings, url),
        "STAFFROOM_MODE": settings.mode.value,
    }
    if settings.metrics_port:
        values[METRICS_FOLDER] = str(_metrics_folder(settings))
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_WEB}
    return {**kept, **values}


def _for_backups(settings: Settings) -> dict[str, str]:
    """The worker makes the backups; the web must not see every company's rows."""
    url = settings.database_backup_url
    return {"DATABASE_BACKUP_URL": url} if url is not None else {}


def _operator_url(settings: Settings, url: str) -> str:
    """A demonstration's own door for staff listens on the same port as the rest."""
    given = os.environ.get("STAFFROOM_OPERATOR_URL")
    if given or settings.operator_url is None:
        return given or ""
    return url.replace("//localhost", "//support.localhost")


def _metrics_folder(settings: Settings) -> Path:
    """Emptied at the start: the figures of processes that are gone would be added to those of the new ones."""
    folder = settings.instance / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _start(command_line: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches this process alone; it ends its children in order."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
    return subprocess.Popen([*prefix, *command_line], env=environment, cwd=PROJECT, start_new_session=True)


def _wait_for(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and all(child.poll() is None for child in children):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    _end(children)
    raise click.ClickException("The web process did not start; its message stands above.")


def _watch(children: list[subprocess.Popen[bytes]], recovery: SelfRecovery) -> int:
    """Waits for Ctrl-C, SIGTERM, a child that ends by itself, or restored data that are to take over; then ends the
    others and says how it went.
    """
    asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    due = False
    while not asked and not due and all(child.poll() is None for child in children):
        time.sleep(0.2)
        due = recovery.is_due()
    click.echo("Stopping ...")
    _end(children)
    if due and not asked:
        return _AGAIN
    return 0 if asked else 1


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
