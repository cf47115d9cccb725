"""The job queue as a worker runs it: where it lives and which tasks exist."""

from __future__ import annotations

from flask import Flask
from procrastinate import App, PsycopgConnector

from portal.database_url import libpq
from portal.jobs import (
    backups,
    company_life,
    domain_checks,
    messages,
    password_resets,
    people_imports,
    photos,
    sso_upkeep,
    stalled,
    stored_files,
    support_upkeep,
)


def job_app(app: Flask) -> App:
    """The queue with all its tasks, connected as the app role."""
    address = libpq(app.extensions["staffroom"].settings.database_url)
    jobs = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))
    backups.register(jobs, app)
    messages.register(jobs, app)
    password_resets.register(jobs, app)
    people_imports.register(jobs, app)
    photos.register(jobs, app)
    stored_files.register(jobs, app)
    stalled.register(jobs, app)
    sso_upkeep.register(jobs, app)
    support_upkeep.register(jobs, app)
    company_life.register(jobs, app)
    domain_checks.register(jobs, app)
    return jobs
