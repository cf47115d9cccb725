"""The job queue as a worker runs it: where it lives and which tasks exist."""

from __future__ import annotations

from flask import Flask
from procrastinate import App, PsycopgConnector

from portal.jobs import messages


def job_app(app: Flask) -> App:
    """The queue with all its tasks, connected as the app role."""
    url = app.extensions["staffroom"].settings.database_url.replace("postgresql+psycopg://", "postgresql://")
    jobs = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))
    messages.register(jobs, app)
    return jobs
