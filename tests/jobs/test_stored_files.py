"""Half-written uploads of a killed process are discarded by the worker, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from uuid import UUID

import pytest
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.periodic import PeriodicDeferrer

from portal.app import create_app
from portal.db import db
from portal.integrations.storage import new_key
from portal.jobs import stored_files
from portal.jobs.runner import job_app
from tests.fixtures.portal import make_settings

KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from portal.integrations import storage
storage._sync = lambda folder: None
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
storage.FolderStore(Path(sys.argv[1])).put(UUID(int=1), storage.new_key(), b"x" * 100_000)
"""


@pytest.fixture
def portal(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        yield app, app.extensions["staffroom"].outside.files
        db.engine.dispose()


def killed_upload(files, *, age: timedelta) -> set[str]:
    """What a process leaves that dies while it writes; the files are real, and as old as asked for."""
    before = set(arriving(files))
    died = subprocess.run([sys.executable, "-c", KILLED, str(files.root)], check=False)
    assert died.returncode == -signal.SIGKILL
    new = set(arriving(files)) - before
    assert len(new) == 1
    moment = time.time() - age.total_seconds()
    for name in new:
        os.utime(files.root / ".incoming" / name, (moment, moment))
    return new


def arriving(files) -> list[str]:
    folder = files.root / ".incoming"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_worker_discards_what_a_killed_process_left(portal):
    """T148, T146: only what is older than any upload can be; stored files stay."""
    app, files = portal
    kept = files.put(UUID(int=1), new_key(), b"whole")
    killed_upload(files, age=stored_files.SAFE_AGE + timedelta(minutes=1))
    young = killed_upload(files, age=stored_files.SAFE_AGE - timedelta(minutes=1))
    jobs = job_app(app)
    with jobs.open():
        jobs.tasks[stored_files.DISCARD_TASK].defer(timestamp=0)
    jobs.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert set(arriving(files)) == young
    assert files.get(UUID(int=1), kept.key, sha256=kept.sha256) == b"whole"


def test_it_is_due_every_hour_and_never_waits_twice(portal):
    app, _ = portal
    jobs = job_app(app)
    due = PeriodicDeferrer(jobs.periodic_registry, max_delay=3600)
    names = [one.task.name for one, _ in due.get_previous_tasks(at=time.time())]
    assert names.count(stored_files.DISCARD_TASK) == 1, "within any hour it was due once"
    with jobs.open():
        jobs.tasks[stored_files.DISCARD_TASK].defer(timestamp=0)
        with pytest.raises(AlreadyEnqueued):
            jobs.tasks[stored_files.DISCARD_TASK].defer(timestamp=3600)
