"""Every ten minutes, company by company: support access whose time is over is recorded and told."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import companies, support_access

TASK = "support_upkeep"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its minutes; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="*/10 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK, pass_context=False)
    def support_upkeep(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """Each company in a transaction of its own."""
    for company in companies.all_companies():
        with company_job(str(company.id), job=TASK) as uow:
            support_access.tell_what_expired(uow)
