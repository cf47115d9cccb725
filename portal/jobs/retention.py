"""Once a night, company by company: what has been kept long enough goes, and parts of erasures whose day has come."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs import erasures
from portal.jobs.unit_of_work import company_job, for_every_company
from portal.services import retention
from portal.services.forgetting import carrying_out

TASK = "apply_retention"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="40 2 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def apply_retention(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """What fails in one company is tried again tomorrow."""
    for_every_company(_run_for, job=TASK)


def _run_for(company_id: str) -> None:
    with company_job(company_id, job=TASK) as uow:
        retention.apply(uow)
    with company_job(company_id, job=TASK) as uow:
        due = carrying_out.due_today(uow)
    for request_id in due:
        erasures.run(company_id, request_id)
