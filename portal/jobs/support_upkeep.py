"""Every ten minutes, company by company: support access whose time is over is recorded and told."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services import support_access

TASK = "support_upkeep"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its minutes; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="*/10 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK, pass_context=False)
    def support_upkeep(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """What a company's trouble keeps from being told now is told ten minutes later."""
    in_every_company(support_access.tell_what_expired, job=TASK)
