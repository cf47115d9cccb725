"""The job that deletes the file of a proof that was removed."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import absence_proofs


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/absence_proofs.py queues."""

    @jobs.task(name=absence_proofs.DELETE_TASK, queue="default")
    def delete_proof(company_id: str, key: str) -> None:
        with app.app_context(), company_job(company_id, job="delete_proof") as uow:
            absence_proofs.delete_file(uow, UUID(key))
