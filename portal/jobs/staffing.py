"""Looks at the days ahead of every rule of staffing: once a night, and after what may have broken one."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job, in_every_company
from portal.services.staffing import notice, watch

TASK = "look_at_all_staffing"


def register(jobs: App, app: Flask) -> None:
    """Adds the task that services queue, and the nightly one, before people come to work."""

    @jobs.task(name=notice.LOOK_TASK, queue="default")
    def look_at_staffing(company_id: str) -> None:
        with app.app_context(), company_job(company_id, job=notice.LOOK_TASK) as uow:
            watch.look(uow)

    @jobs.periodic(cron="5 5 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def look_at_all_staffing(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(watch.look, job=TASK)
