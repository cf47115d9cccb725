"""The job that looks every night for the records of domains whose month is over."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job, for_every_company
from portal.services import domain_checks

TASK = "check_domains"


def register(jobs: App, app: Flask) -> None:
    """Adds the task. The lock keeps a slow night and the next one apart."""

    @jobs.periodic(cron="17 3 * * *")
    @jobs.task(name=TASK, queue="default", lock=TASK, queueing_lock=TASK)
    def check_domains(timestamp: int) -> None:  # noqa: ARG001  the queue names the night it is for
        with app.app_context():
            for_every_company(_check_due, job=TASK)


def _check_due(company_id: str) -> None:
    """Each domain in a unit of work of its own: what one server's silence costs, no other pays."""
    with company_job(company_id, job=TASK) as uow:
        waiting: list[UUID] = domain_checks.due(uow)
    for claim_id in waiting:
        with company_job(company_id, job=TASK) as uow:
            question = domain_checks.prepare(uow, claim_id)
        values = question.ask()
        with company_job(company_id, job=TASK) as uow:
            domain_checks.check(uow, claim_id, values)
