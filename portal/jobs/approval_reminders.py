"""Once a night, company by company: who has to decide is reminded, and where nobody does more people are asked."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.approvals import escalation, reminders

TASK = "remind_of_decisions"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour, before people come to work; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="40 4 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def remind_of_decisions(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(escalation.escalate, reminders.remind, job=TASK)
