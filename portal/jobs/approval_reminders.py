"""Once a night, company by company: who has to decide is reminded, and where nobody does more people are asked."""

from __future__ import annotations

import logging

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import CompanyGone, company_job
from portal.services import companies
from portal.services.approvals import escalation, reminders

TASK = "remind_of_decisions"
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour, before people come to work; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="40 4 * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def remind_of_decisions(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> None:
    """Trouble in one company keeps no other from its turn; a night that is missed, the next one makes up for."""
    for company in companies.all_companies():
        try:
            with company_job(str(company.id), job=TASK) as uow:
                escalation.escalate(uow)
            with company_job(str(company.id), job=TASK) as uow:
                reminders.remind(uow)
        except CompanyGone:
            continue
        except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the others have their turn
            _LOG.exception("nobody was reminded in company %s; tomorrow it is tried again", company.id)
