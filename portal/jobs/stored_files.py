"""The job that tidies the file store: what a killed process left half written belongs to nobody."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask
from procrastinate import App

DISCARD_TASK = "discard_unfinished_files"
#: An upload is written within seconds; a day also forgives a clock that is wrong.
SAFE_AGE = timedelta(days=1)
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps a second one from running beside it, or waiting behind it."""

    @jobs.periodic(cron="23 * * * *")
    @jobs.task(name=DISCARD_TASK, queue="default", lock=DISCARD_TASK, queueing_lock=DISCARD_TASK)
    def discard_unfinished_files(timestamp: int) -> None:  # noqa: ARG001
        staffroom = app.extensions["staffroom"]
        older_than = (staffroom.clock.now() - SAFE_AGE).timestamp()
        discarded = staffroom.outside.files.discard_unfinished(older_than=older_than)
        if discarded:
            _LOG.warning("discarded %d unfinished files", discarded)
