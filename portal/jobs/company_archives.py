"""The job that makes an archive of a company; made anew from the start when its worker dies."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, current_app
from procrastinate import App

from portal.jobs.unit_of_work import company_job
from portal.services import archive_requests
from portal.services.archives import writing
from portal.services.file_parts import Parts


def register(jobs: App, app: Flask) -> None:
    """Adds the task under the name that services/archive_requests.py queues."""

    @jobs.task(name=archive_requests.MAKE_TASK, queue="default")
    def make_company_archive(company_id: str, archive_id: str) -> None:
        with app.app_context():
            make(company_id, UUID(archive_id))


def make(company_id: str, archive_id: UUID) -> None:
    """Short transactions around one long read: the page can say how far it is."""
    task, staffroom = archive_requests.MAKE_TASK, current_app.extensions["staffroom"]
    with company_job(company_id, job=task) as uow:
        passphrase = archive_requests.begin(uow, archive_id)
        left, company = archive_requests.own_files(uow), uow.company
    if passphrase is None:
        return

    def note(done: int, total: int) -> None:
        with company_job(company_id, job=task) as uow:
            archive_requests.note_progress(uow, archive_id, done, total)

    parts = Parts(staffroom.outside.files, company.id, archive_id)
    parts.forget()
    try:
        writing.write(
            company,
            parts,
            passphrase=passphrase,
            outside=staffroom.outside,
            now=staffroom.clock.now(),
            version=staffroom.settings.version,
            leave_out=lambda key: key in left or key in parts.written,
            progress=note,
        )
        parts.end()
    except Exception:
        parts.forget()
        with company_job(company_id, job=task) as uow:
            archive_requests.fail(uow, archive_id)
        raise
    with company_job(company_id, job=task) as uow:
        archive_requests.finish(uow, archive_id, parts=parts.count, size=parts.size)
