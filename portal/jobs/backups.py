"""Backups by themselves: one each night after a look for damage, a look each hour, a drill each week.

Making and restoring run as commands in processes of their own: they take minutes and memory, a drill starts a
database of its own, and a worker that is stopped takes none of it halfway into the next start.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from flask import Flask
from procrastinate import App

from portal.config import PROJECT, Settings
from portal.jobs.fenced import KEEPERS
from portal.services.backups import watching
from portal.services.operator_alarms import Letters

NIGHTLY, WATCH, DRILL, CHECK = "make_backup", "watch_backups", "hold_drill", "check_integrity"
_LOG = logging.getLogger("portal.jobs")
_LAST_WORDS = 500


class CommandFailed(Exception):
    """The command ended badly; it wrote down why, and the hourly look tells the operator."""


def register(jobs: App, app: Flask) -> None:
    """Adds the tasks and their times (UTC). The locks keep two workers from doing the same at once."""

    @jobs.periodic(cron="40 1 * * *")
    @jobs.task(name=NIGHTLY, queue=KEEPERS, queueing_lock=NIGHTLY, lock=NIGHTLY)
    def make_backup(timestamp: int) -> None:  # noqa: ARG001
        if wanted(app):
            command("backup", "create", "--nightly")

    @jobs.periodic(cron="9 * * * *")
    @jobs.task(name=WATCH, queue=KEEPERS, queueing_lock=WATCH, lock=WATCH)
    def watch_backups(timestamp: int) -> None:  # noqa: ARG001
        if wanted(app):
            with app.app_context():
                watch(app)

    @jobs.periodic(cron="50 0 * * *")
    @jobs.task(name=CHECK, queue=KEEPERS, queueing_lock=CHECK, lock=CHECK)
    def check_integrity(timestamp: int) -> None:  # noqa: ARG001
        if wanted(app):
            command("integrity", "check")

    @jobs.periodic(cron="10 3 * * 0")
    @jobs.task(name=DRILL, queue=KEEPERS, queueing_lock=DRILL, lock=DRILL)
    def hold_drill(timestamp: int) -> None:  # noqa: ARG001
        if wanted(app):
            command("backup", "drill")


def wanted(app: Flask) -> bool:
    """Not where the operator backs up by other means."""
    settings: Settings = app.extensions["staffroom"].settings
    return settings.backups.place is not None


def watch(app: Flask) -> None:
    staffroom = app.extensions["staffroom"]
    settings: Settings = staffroom.settings
    letters = Letters(staffroom.outside.mail, settings.backups.operator_email, settings.url)
    watching.look(staffroom.clock.now(), letters)


def command(*words: str) -> None:
    """`flask` with these words, with the settings of this worker."""
    answer = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=dict(os.environ),
    )
    said = (answer.stdout + answer.stderr).strip()[-_LAST_WORDS:]
    if answer.returncode != 0:
        raise CommandFailed(f"flask {' '.join(words)} ended with {answer.returncode}: {said}")
    _LOG.info("flask %s: %s", " ".join(words), said)
