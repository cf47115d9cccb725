"""Once a night, company by company: missing proofs are asked for, and HR hears of illness that lasts."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.sickness import alarms

TASK = "watch_sickness"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour, before people come to work; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="50 4 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def watch_sickness(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(alarms.watch, job=TASK)
