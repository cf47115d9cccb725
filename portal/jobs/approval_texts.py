"""Once an hour, company by company: who has not decided after a letter gets an SMS, where the company wants that."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.approvals import texts

TASK = "text_approvers"


def register(jobs: App, app: Flask) -> None:
    """Adds the task; every hour, as each reader has a clock of their own."""

    @jobs.periodic(cron="10 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def text_approvers(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """An hour that is missed, the next one makes up for."""
    in_every_company(texts.text, job=TASK)
