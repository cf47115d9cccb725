"""The jobs of changes of many people: carried out with progress, forgotten when their undo is over; and leaving."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.domain.refusals import Refusal
from portal.jobs.unit_of_work import company_job
from portal.services import leaving, people_changes

_CARRY_OUT = people_changes.CARRY_OUT_TASK


def register(jobs: App, app: Flask) -> None:
    """Adds the tasks under the names that services queue."""

    @jobs.task(name=_CARRY_OUT, queue="default")
    def carry_out_people_change(company_id: str, change_id: str) -> None:
        with app.app_context():
            _carry_out(company_id, UUID(change_id))

    @jobs.task(name=people_changes.FORGET_TASK, queue="default")
    def forget_people_change(company_id: str, change_id: str) -> None:
        with app.app_context(), company_job(company_id, job="forget_people_change") as uow:
            people_changes.forget(uow, UUID(change_id))

    @jobs.task(name=leaving.LEAVE_TASK, queue="default")
    def leave_after_last_day(company_id: str, employee_id: str, last_day: str) -> None:
        with app.app_context(), company_job(company_id, job="leave_after_last_day") as uow:
            leaving.leave(uow, UUID(employee_id), date.fromisoformat(last_day))


def _carry_out(company_id: str, change_id: UUID) -> None:
    """In one transaction; how far it is, and why it failed, is said in others: that one shows nothing yet."""

    def report(done: int) -> None:
        with company_job(company_id, job=_CARRY_OUT) as beside:
            people_changes.report(beside, change_id, done)

    try:
        with company_job(company_id, job=_CARRY_OUT) as uow:
            people_changes.carry_out(uow, change_id, report)
    except Refusal as refusal:
        with company_job(company_id, job=_CARRY_OUT) as uow:
            people_changes.fail(uow, change_id, refusal.reason)
