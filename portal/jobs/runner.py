"""The job queue as a worker runs it: where it lives and which tasks exist."""

from __future__ import annotations

from flask import Flask
from procrastinate import App, PsycopgConnector

from portal.database_url import libpq
from portal.jobs import (
    approval_reminders,
    approval_texts,
    audit_anchors,
    audit_exports,
    backups,
    closures,
    company_archives,
    company_life,
    data_exports,
    domain_checks,
    entitlements,
    erasures,
    file_scans,
    incident_clock,
    messages,
    outages,
    password_resets,
    people_changes,
    people_imports,
    photos,
    planning_reminders,
    processors,
    proofs,
    retention,
    sickness_watch,
    sso_upkeep,
    staffing,
    stalled,
    stored_files,
    substitutes,
    support_upkeep,
    trust_checks,
    year_ends,
)


def job_app(app: Flask) -> App:
    """The queue with all its tasks, connected as the app role."""
    settings = app.extensions["staffroom"].settings
    jobs = App(
        connector=PsycopgConnector(
            conninfo=libpq(settings.database_url),
            kwargs={"prepare_threshold": None} if settings.pooled else {},
            min_size=1,
            max_size=4,
        )
    )
    for part in _PARTS:
        part.register(jobs, app)
    outages.outlive(jobs, app.extensions["staffroom"].fence)
    return jobs


_PARTS = (
    approval_reminders,
    approval_texts,
    audit_anchors,
    audit_exports,
    backups,
    closures,
    company_archives,
    company_life,
    data_exports,
    domain_checks,
    entitlements,
    erasures,
    file_scans,
    incident_clock,
    messages,
    password_resets,
    people_changes,
    planning_reminders,
    people_imports,
    photos,
    processors,
    proofs,
    retention,
    sickness_watch,
    sso_upkeep,
    staffing,
    stalled,
    stored_files,
    substitutes,
    support_upkeep,
    trust_checks,
    year_ends,
)
