"""Queues background work in the transaction that needs it: no commit, no job."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import text

from portal.db import UnitOfWork

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(ROW('default', job->>'task', 0, NULL, NULL, job->'args',"
    " (job->>'at')::timestamptz)"
    "::procrastinate_job_to_defer_v1)) FROM jsonb_array_elements(CAST(:jobs AS jsonb)) AS job"
)


def defer(uow: UnitOfWork, task: str, *, at: datetime | None = None, **arguments: str | int) -> None:
    """Runs the named task for this company after the commit, or `at` a later moment; see portal/jobs for the tasks."""
    waiting: list[object] = uow.session.info.setdefault("jobs", [])
    if not waiting:
        uow.before_commit.append(_defer_all)
    moment = at.isoformat() if at else None
    waiting.append({"task": task, "at": moment, "args": {"company_id": str(uow.company.id), **arguments}})


def _defer_all(uow: UnitOfWork) -> None:
    """One statement for all jobs of the transaction: a letter to everybody is thousands of them."""
    jobs = uow.session.info.pop("jobs")
    uow.session.execute(_DEFER, {"jobs": json.dumps(jobs)})
