"""Once an hour, company by company: the replay wall is swept, and admins hear of certificates and secrets that end."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services.sso import certificate_warnings, replay_wall, secret_warnings

TASK = "sso_upkeep"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="17 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK, pass_context=False)
    def sso_upkeep(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """Each in a transaction of its own: a letter that fails leaves the wall swept."""
    in_every_company(replay_wall.forget_expired, certificate_warnings.warn, secret_warnings.warn, job=TASK)
