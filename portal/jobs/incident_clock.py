"""Every hour: is there an incident of which companies have to be told soon?"""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.services import incident_clock
from portal.services.operator_alarms import Letters

TASK = "watch_incidents"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its minute; the lock keeps two workers from writing the same letter."""

    @jobs.periodic(cron="17 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK, pass_context=False)
    def watch_incidents(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            watch(app)


def watch(app: Flask) -> list[str]:
    """One look, as the job has it."""
    staffroom = app.extensions["staffroom"]
    settings = staffroom.settings
    letters = Letters(staffroom.outside.mail, settings.backups.operator_email, settings.url)
    return incident_clock.look(staffroom.clock.now(), letters)
