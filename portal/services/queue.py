"""Queues background work in the transaction that needs it: no commit, no job."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import UnitOfWork

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(ROW('default', job->>'task', 0, NULL, NULL, job->'args',"
    " (job->>'at')::timestamptz)"
    "::procrastinate_job_to_defer_v1)) FROM jsonb_array_elements(CAST(:jobs AS jsonb)) AS job"
)


def defer(
    uow: UnitOfWork, task: str, *, at: datetime | None = None, once: bool = False, **arguments: str | int
) -> None:
    """Runs the named task for this company after the commit, or `at` a later moment; see portal/jobs for the tasks.

    `once`: asked again in the same transaction with the same arguments, it runs but once.
    """
    job = {
        "task": task,
        "at": at.isoformat() if at else None,
        "args": {"company_id": str(uow.company.id), **arguments},
    }
    waiting: list[object] = uow.session.info.setdefault("jobs", [])
    if once and job in waiting:
        return
    if not waiting:
        uow.before_commit.append(_defer_all)
    waiting.append(job)


def defer_for_all(session: Session, task: str) -> None:
    """Runs a task that visits the companies itself, after the commit of a session that is bound to none."""
    session.execute(_DEFER, {"jobs": json.dumps([{"task": task, "at": None, "args": {}}])})


def _defer_all(uow: UnitOfWork) -> None:
    """One statement for all jobs of the transaction: a letter to everybody is thousands of them."""
    jobs = uow.session.info.pop("jobs")
    uow.session.execute(_DEFER, {"jobs": json.dumps(jobs)})
