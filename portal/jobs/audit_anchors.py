"""Every hour the ends of all audit logs are anchored outside the database; every morning a letter tells customers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, current_app
from procrastinate import App

from portal.db import UnitOfWork
from portal.integrations.evidence import EvidenceFolder
from portal.jobs.unit_of_work import company_job
from portal.services import audit_anchors, companies
from portal.services.audit_anchors import Kept

ANCHOR_TASK = "anchor_audit_logs"
LETTER_TASK = "mail_audit_anchors"
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, app: Flask) -> None:
    """Adds both tasks with their hours; the locks keep two workers from doing the same at once."""

    @jobs.periodic(cron="41 * * * *")
    @jobs.task(
        name=ANCHOR_TASK, queue="default", queueing_lock=ANCHOR_TASK, lock=ANCHOR_TASK, pass_context=False
    )
    def anchor_audit_logs(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            anchor_all()

    @jobs.periodic(cron="47 5 * * *")
    @jobs.task(
        name=LETTER_TASK, queue="default", queueing_lock=LETTER_TASK, lock=LETTER_TASK, pass_context=False
    )
    def mail_audit_anchors(timestamp: int) -> None:  # noqa: ARG001
        with app.app_context():
            mail_all()


def anchor_all() -> dict[str, Kept]:
    """What was kept of each company, by its short name. A rewritten log is no kept promise: the page says so."""
    kept: dict[str, Kept] = {}

    def keep(uow: UnitOfWork) -> None:
        kept[uow.company.slug] = audit_anchors.keep(uow)

    _each(keep, ANCHOR_TASK)
    failed = sum(one.contradicted_at is not None for one in kept.values())
    staffroom = current_app.extensions["staffroom"]
    EvidenceFolder(staffroom.settings.instance / "evidence").write(
        "audit-anchors",
        at=staffroom.clock.now(),
        version=staffroom.settings.version,
        passed=not failed,
        companies=len(kept),
        failed=failed,
    )
    return kept


def mail_all() -> None:
    _each(audit_anchors.send_letter, LETTER_TASK)


def _each(service: Callable[[UnitOfWork], object], task: str) -> None:
    """Each company by itself: what goes wrong with one keeps no other from its anchor."""
    failed: Exception | None = None
    for company in companies.all_companies():
        try:
            with company_job(str(company.id), job=task) as uow:
                service(uow)
        except Exception as error:  # noqa: BLE001
            _LOG.exception("%s failed for %s", task, company.slug)
            failed = error
    if failed is not None:
        raise failed
