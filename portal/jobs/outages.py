"""What becomes of jobs whose database went away under them: none is lost, and none stays begun for ever.

A job that ends while the database is down would otherwise be forgotten in two ways: counted as failed, though nothing
was wrong with it, or marked as running by a worker that lives and no longer knows of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import psycopg
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from sqlalchemy.exc import DBAPIError

from portal.integrations.fence import Fence
from portal.jobs.fenced import Fenced, FencedManager
from portal.services.backups import damage

#: Seconds until a job is tried again, and between two tries to say how one ended.
AGAIN, PAUSE = 5, 1.0
#: A job that meets an outage each time is not to blame the outage for ever.
TRIES = 100
_LOG = logging.getLogger("portal.jobs")


def outlive(jobs: App, fence: Fence) -> None:
    """Makes all jobs of the queue outlive an outage. What comes again by itself is left to its next time."""
    jobs.job_manager = _PatientManager(jobs.connector, fence)
    for task in jobs.tasks.values():
        if task.queueing_lock is None:
            task.retry_strategy = _AfterOutage(task.retry_strategy)


class _AfterOutage(BaseRetryStrategy):
    def __init__(self, otherwise: BaseRetryStrategy | None) -> None:
        self._otherwise = otherwise

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if _is_no_fault_of_the_job(exception) and job.attempts < TRIES:
            return RetryDecision(retry_in={"seconds": AGAIN})
        if self._otherwise is None:
            return None
        return self._otherwise.get_retry_decision(exception=exception, job=job)


class _PatientManager(FencedManager):
    """Says how a job ended until the database has heard it; the worker takes no other job in its place meanwhile."""

    async def finish_job_by_id_async(self, job_id: int, status: Status, delete_job: bool) -> None:
        await _insist(lambda: super(_PatientManager, self).finish_job_by_id_async(job_id, status, delete_job))

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        again = super().retry_job_by_id_async
        await _insist(lambda: again(job_id, retry_at, priority, queue, lock))


def _is_no_fault_of_the_job(error: BaseException) -> bool:
    """The database went away, or its data are damaged and nothing is written: the same job is right afterwards."""
    met = isinstance(error, DBAPIError) and damage.met_by(error) is not None
    return met or isinstance(error, Fenced) or is_outage(error)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database could not be reached, rather than refused something."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or is_outage(error.orig)
    return isinstance(error, psycopg.OperationalError) and not isinstance(
        error, (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)
    )


async def _insist(say: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await say()
        except UniqueViolation:
            raise
        except ConnectorException:
            _LOG.warning("the database is out of reach; how a job ended is said again in a second")
            await asyncio.sleep(PAUSE)
