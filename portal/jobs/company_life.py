"""Once an hour: letters about licences that end, and the erasure of companies whose time is over."""

from __future__ import annotations

import logging

from flask import Flask, current_app
from procrastinate import App

from portal.jobs.unit_of_work import CompanyGone, company_job
from portal.services import companies, erasures, licences

TASK = "company_life"
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its hour; the lock keeps two workers from doing it at once."""

    @jobs.periodic(cron="41 * * * *")
    @jobs.task(name=TASK, queue="default", queueing_lock=TASK, lock=TASK)
    def company_life(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            run()


def run() -> int:
    """Each company in a transaction of its own, then what has to be erased; says how many erasures ended."""
    for company in companies.all_companies():
        if company.licence.erasing:
            continue
        try:
            with company_job(str(company.id), job=TASK) as uow:
                if not erasures.begin(uow):
                    licences.tell_due(uow)
        except CompanyGone:
            continue
    return carry_on()


def carry_on() -> int:
    """Ends every erasure that has begun, also one that an earlier run could not end."""
    staffroom = current_app.extensions["staffroom"]
    ended = 0
    for erasure_id in erasures.unfinished():
        try:
            erasures.carry_on(erasure_id, staffroom.outside, staffroom.clock.now())
            ended += 1
        except Exception as error:  # noqa: BLE001  # one that fails must not keep the others from their end
            kind = type(error).__name__
            _LOG.error("the erasure %s is not finished (%s); the next run goes on", erasure_id, kind)
    return ended
