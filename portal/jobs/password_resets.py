"""The job that mails the link for a new password."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import password_resets


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/password_resets.py queues."""

    @jobs.task(name=password_resets.SEND_TASK, queue="default")
    def send_password_reset(company_id: str, employee_id: str) -> None:
        with app.app_context(), company_job(company_id, job="send_password_reset") as uow:
            password_resets.send(uow, UUID(employee_id))
