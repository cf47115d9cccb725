"""Every ten minutes, and when one is entered: each company is told of the processors that it has not heard of."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job, for_every_company
from portal.services import companies, operator_alarms, processor_notices
from portal.services.operator_alarms import Letters
from portal.services.processor_notices import TELL_TASK

_UNTOLD = "processors-untold"
#: Companies that have not heard for so long will not by themselves.
_PATIENCE = timedelta(days=1)


def register(jobs: App, app: Flask) -> None:
    """Adds the task and its minutes. Two that run at once tell nobody twice: see services/processor_notices.py."""

    @jobs.periodic(cron="*/10 * * * *")
    @jobs.task(name=TELL_TASK, queue="default", queueing_lock=TELL_TASK, lock=TELL_TASK)
    def tell_of_processors(timestamp: int = 0) -> None:  # noqa: ARG001
        with app.app_context():
            run(app)


def run(app: Flask) -> None:
    """What a company's trouble keeps it from hearing now it hears in the next run."""
    waiting = processor_notices.waiting()
    untold = {company.id for company in companies.all_companies() if not company.licence.erasing}
    heard: list[dict[UUID, datetime | None]] = []

    def tell(company_id: str) -> None:
        with company_job(company_id, job=TELL_TASK) as uow:
            answer = processor_notices.tell(uow)
        heard.append(answer)
        untold.discard(UUID(company_id))

    for_every_company(tell, job=TELL_TASK)
    if not untold:
        processor_notices.settle(waiting, heard)
    _alarm(app)


def _alarm(app: Flask) -> None:
    """The operator hears of it after a day: until every company is told nobody's data may go there."""
    staffroom = app.extensions["staffroom"]
    settings, now = staffroom.settings, staffroom.clock.now()
    late = any(now - entered_at > _PATIENCE for entered_at in processor_notices.waiting().values())
    sentence = (
        "Companies have not been told of a processor for a day. The page of processors says which ones."
    )
    operator_alarms.tell(
        {_UNTOLD: sentence} if late else {},
        of=frozenset({_UNTOLD}),
        now=now,
        letters=Letters(staffroom.outside.mail, settings.backups.operator_email, settings.url),
    )
