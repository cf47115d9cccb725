"""While the fence stands, jobs that write wait in the queue; those that look after the data themselves go on.

A job that waits is not begun, so it counts no attempt and is as it was when the fence comes down. The queue keeps its
own books meanwhile: what is due is put down, once, and the worker gives its signs of life.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from portal.integrations.fence import Fence

#: The queue of jobs that only read the portal's data: backups, drills, and the looks for damage.
KEEPERS = "keepers"


class Fenced(Exception):
    """The fence went up while the job ran: what it had finished stays, the rest waits for its next turn."""


class FencedManager(JobManager):
    """Asked before each job; a look at the folder costs nothing beside the question to the database."""

    def __init__(self, connector: Any, fence: Fence) -> None:
        super().__init__(connector)
        self._fence = fence

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        return await super().fetch_job([KEEPERS] if self._fence.stands else queues, worker_id)
