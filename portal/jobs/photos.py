"""The job that deletes the files of a photo which nobody is shown any more."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import photos


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/photos.py queues."""

    @jobs.task(name=photos.DELETE_TASK, queue="default")
    def delete_photo(company_id: str, key: str) -> None:
        with app.app_context(), company_job(company_id, job="delete_photo") as uow:
            photos.delete_files(uow, UUID(key))
