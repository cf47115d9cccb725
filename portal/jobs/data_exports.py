"""The jobs that make a person's copy, table by table so that its progress can be seen, and delete it afterwards."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import data_exports, person_data


def register(jobs: App, app: Flask) -> None:
    """Adds the tasks under the names that services/data_exports.py queues."""

    @jobs.task(name=data_exports.BUILD_TASK, queue="default")
    def build_data_export(company_id: str, export_id: str) -> None:
        with app.app_context():
            try:
                build(company_id, UUID(export_id))
            except Exception:
                with company_job(company_id, job=data_exports.BUILD_TASK) as uow:
                    data_exports.give_up(uow, UUID(export_id))
                raise

    @jobs.task(name=data_exports.DISCARD_TASK, queue="default")
    def discard_data_export(company_id: str, export_id: str) -> None:
        with app.app_context(), company_job(company_id, job=data_exports.DISCARD_TASK) as uow:
            data_exports.discard(uow, UUID(export_id))


def build(company_id: str, export_id: UUID) -> None:
    """Reads each table in a transaction of its own. Killed on the way, it is done again from the start."""
    with company_job(company_id, job=data_exports.BUILD_TASK) as uow:
        employee_id = data_exports.waits(uow, export_id)
    if employee_id is None:
        return
    copies = []
    for done, card in enumerate(person_data.tables(), start=1):
        with company_job(company_id, job=data_exports.BUILD_TASK) as uow:
            copies.append(person_data.read(uow, card, employee_id))
            data_exports.note_progress(uow, export_id, done)
    with company_job(company_id, job=data_exports.BUILD_TASK) as uow:
        data_exports.finish(uow, export_id, copies)
