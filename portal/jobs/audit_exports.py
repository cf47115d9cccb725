"""The jobs that make a long file of the audit log, page by page so that its progress can be seen, and delete it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Flask, g
from flask_babel import force_locale
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import audit_export_making, audit_exports
from portal.services.audit_export_making import Order
from portal.services.file_parts import Parts
from portal.web import audit_files

#: Between two notes of how far it is.
_NOTED_EVERY = 5000


def register(jobs: App, app: Flask) -> None:
    """Adds the tasks under the names that services/audit_exports.py queues."""

    @jobs.task(name=audit_exports.BUILD_TASK, queue="default")
    def build_audit_export(company_id: str, export_id: str) -> None:
        with app.app_context():
            build(company_id, UUID(export_id))

    @jobs.task(name=audit_exports.DISCARD_TASK, queue="default")
    def discard_audit_export(company_id: str, export_id: str) -> None:
        with app.app_context(), company_job(company_id, job=audit_exports.DISCARD_TASK) as uow:
            audit_exports.discard(uow, UUID(export_id))


def build(company_id: str, export_id: UUID) -> None:
    """Short transactions around one long read. Killed on the way, it is done again from the start."""
    task = audit_exports.BUILD_TASK
    with company_job(company_id, job=task) as uow:
        order = audit_export_making.begin(uow, export_id)
        parts = audit_export_making.parts_of(uow, export_id)
    if order is None:
        return
    parts.forget()
    try:
        _write(company_id, export_id, order, parts)
    except Exception:
        parts.forget()
        with company_job(company_id, job=task) as uow:
            audit_export_making.give_up(uow, export_id)
        raise
    with company_job(company_id, job=task) as uow:
        audit_export_making.finish(uow, export_id, parts)


def _write(company_id: str, export_id: UUID, order: Order, parts: Parts) -> None:
    """In the language and on the clock of whoever asked, and with what they may see."""
    task, noted = audit_exports.BUILD_TASK, 0

    def note(done: int) -> None:
        nonlocal noted
        if done - noted >= _NOTED_EVERY:
            noted = done
            with company_job(company_id, job=task) as uow:
                audit_export_making.note_progress(uow, export_id, done)

    with company_job(company_id, job=task) as uow:
        g.uow = theirs = replace(uow, actor=order.actor)
        try:
            with force_locale(order.actor.language):
                for part in audit_files.written(theirs, replace(order.extract, heard=note), order.kind):
                    parts.write(part)
        finally:
            del g.uow
    parts.end()
