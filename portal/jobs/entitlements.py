"""Once a night, company by company: what plans give is posted, what was carried over or worked longer lapses, and
what rosters planned beyond the contract is proposed.
"""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import in_every_company
from portal.services import accruals, overtime_lapses, roster_overtime

TASK = "post_entitlements"


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="20 1 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def post_entitlements(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """A night that is missed, the next one makes up for."""
    in_every_company(
        *(accruals.post, accruals.post_lapses, overtime_lapses.post_lapses, roster_overtime.propose_months),
        job=TASK,
    )
