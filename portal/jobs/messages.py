"""The job that lets messages leave the outbox."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App, RetryStrategy

from portal.jobs.unit_of_work import company_job
from portal.services import outbox


class SendLater(Exception):
    """The provider could not take the message now."""


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/outbox.py queues."""

    @jobs.task(
        name=outbox.SEND_TASK,
        queue="default",
        retry=RetryStrategy(max_attempts=10, exponential_wait=4, retry_exceptions=[SendLater]),
    )
    def send_message(company_id: str, message_id: str) -> None:
        with app.app_context():
            with company_job(company_id, job="send_message") as uow:
                done = outbox.send(uow, UUID(message_id))
            if not done:
                raise SendLater
