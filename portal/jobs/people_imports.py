"""The job that forgets what an import has changed, once it cannot be undone any more."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import people_import


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/people_import/memory.py queues."""

    @jobs.task(name=people_import.FORGET_TASK, queue="default")
    def forget_people_import(company_id: str, import_id: str) -> None:
        with app.app_context(), company_job(company_id, job="forget_people_import") as uow:
            people_import.forget(uow, UUID(import_id))
