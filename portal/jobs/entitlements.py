"""Once a night, company by company: what plans give is posted, and what was carried over lapses."""

from __future__ import annotations

import logging

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import CompanyGone, company_job
from portal.services import accruals, companies

TASK = "post_entitlements"
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="20 1 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def post_entitlements(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """Trouble in one company keeps no other from its turn; a night that is missed, the next one makes up for."""
    for company in companies.all_companies():
        try:
            with company_job(str(company.id), job=TASK) as uow:
                accruals.post(uow)
            with company_job(str(company.id), job=TASK) as uow:
                accruals.post_lapses(uow)
        except CompanyGone:
            continue
        except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the others have their turn
            _LOG.exception(
                "entitlements of company %s were not posted; tomorrow it is tried again", company.id
            )
