"""A job whose database went away is neither counted as failed nor forgotten as begun."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.jobs import messages, outages, stalled
from portal.jobs.runner import job_app
from portal.services import outbox

GONE = OperationalError("SELECT 1", {}, psycopg.errors.AdminShutdown("terminating connection"))
REFUSED = psycopg.OperationalError("connection refused")


def job(attempts: int = 0) -> Job:
    return Job(
        id=1,
        queue="default",
        lock=None,
        queueing_lock=None,
        task_name="t",
        priority=0,
        attempts=attempts,
        abort_requested=False,
    )


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (GONE, True),
        (REFUSED, True),
        (messages.SendLater(), True),
        (IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation("twice")), False),
        (OperationalError("LOCK", {}, psycopg.errors.LockNotAvailable("busy")), False),
        (ValueError("a mistake of our own"), False),
    ],
)
def test_an_outage_is_no_failure(app, error, again):
    """T147: no letter is lost with its job; what was wrong before is still wrong."""
    task = job_app(app).tasks[outbox.SEND_TASK]
    assert (task.get_retry_exception(error, job()) is not None) is again
    assert task.get_retry_exception(GONE, job(outages.TRIES)) is None or again


def test_what_comes_again_by_itself_is_not_tried_besides(app):
    assert job_app(app).tasks[stalled.RESUME_TASK].get_retry_exception(REFUSED, job()) is None


def test_how_a_job_ended_is_said_until_it_is_heard(monkeypatch):
    monkeypatch.setattr(outages, "PAUSE", 0)
    tries = []

    async def say():
        tries.append(1)
        if len(tries) < 3:
            raise ConnectorException

    asyncio.run(outages._insist(say))
    assert len(tries) == 3

    async def refused():
        raise UniqueViolation(constraint_name="x", queueing_lock=None)

    with pytest.raises(UniqueViolation):
        asyncio.run(outages._insist(refused))
