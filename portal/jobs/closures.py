"""Once a night, company by company: whoever has come to work where a closure lies ahead gets it too."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.group_entries import closures

TASK = "extend_closures"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="50 1 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def extend_closures(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(closures.catch_up, job=TASK)
