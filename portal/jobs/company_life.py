"""Once an hour: letters about licences that end, and the erasure of companies whose time is over."""

from __future__ import annotations

import logging
from functools import partial

from flask import Flask, current_app
from procrastinate import App

from portal.db import UnitOfWork
from portal.jobs.unit_of_work import company_job, for_every_company, in_every_company
from portal.services import archive_requests, billing, erasures, licence_files, licences

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
    """Letters and seats of each company, then what has to be erased; says how many erasures ended."""
    in_every_company(_live_on, job=TASK)
    count_seats()
    return carry_on()


def _live_on(uow: UnitOfWork) -> None:
    if not uow.company.licence.erasing and not erasures.begin(uow):
        licence_files.look_again(uow)
        licences.tell_due(uow)
        archive_requests.clear(uow)


def count_seats() -> None:
    """What each company pays for follows how many people it has; whoever cannot be reached is asked next hour."""
    if current_app.extensions["staffroom"].outside.payments.on:
        for_every_company(_count_seats_of, job=TASK)


def _count_seats_of(company_id: str) -> None:
    billing.follow(partial(company_job, company_id, job=TASK))


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
