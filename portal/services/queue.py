"""Queues background work in the transaction that needs it: no commit, no job."""

from __future__ import annotations

import json

from sqlalchemy import text

from portal.db import UnitOfWork

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', :task, 0, NULL, NULL, CAST(:args AS jsonb), NULL)]"
    "::procrastinate_job_to_defer_v1[])"
)


def defer(uow: UnitOfWork, task: str, **arguments: str | int) -> None:
    """Runs the named task for this company after the commit; see portal/jobs for the tasks."""
    args = {"company_id": str(uow.company.id), **arguments}
    uow.session.execute(_DEFER, {"task": task, "args": json.dumps(args)})
