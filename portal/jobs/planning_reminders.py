"""Once a night, company by company: whoever has planned nothing in a round is reminded before its deadline."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.planning_rounds import rounds

TASK = "remind_of_planning"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="55 4 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def remind_of_planning(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(rounds.remind, job=TASK)
