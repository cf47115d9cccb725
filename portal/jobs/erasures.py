"""The job that carries an approved erasure out, table by table, and picks up whatever is due or was left half done."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App, RetryStrategy

from portal.jobs.unit_of_work import company_job
from portal.services.forgetting import carrying_out, requests


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/forgetting/requests.py queues."""

    @jobs.task(
        name=requests.ERASE_TASK,
        queue="default",
        retry=RetryStrategy(max_attempts=100, wait=45, retry_exceptions=[carrying_out.LettersWaiting]),
    )
    def erase_person(company_id: str, request_id: str) -> None:
        with app.app_context():
            run(company_id, UUID(request_id))


def run(company_id: str, request_id: UUID) -> None:
    """Every table in a transaction of its own: what is done is done, whoever is killed."""
    with company_job(company_id, job=requests.ERASE_TASK) as uow:
        begun = carrying_out.begin(uow, request_id)
    while begun:
        with company_job(company_id, job=requests.ERASE_TASK) as uow:
            begun = carrying_out.do_next(uow, request_id)
