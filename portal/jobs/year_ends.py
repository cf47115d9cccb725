"""The job that posts an approved year end of many people, in one transaction."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import year_ends


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that the service queues."""

    @jobs.task(name=year_ends.POST_TASK, queue="default")
    def post_year_end(company_id: str, run_id: str) -> None:
        with app.app_context(), company_job(company_id, job=year_ends.POST_TASK) as uow:
            year_ends.post(uow, UUID(run_id))
