"""The job that takes up what a killed worker had begun, so that no letter is lost with it."""

from __future__ import annotations

import logging

from flask import Flask
from procrastinate import App

RESUME_TASK = "resume_stalled_jobs"
#: Workers give a sign of life every ten seconds. After thirty of silence every other worker strikes them off too.
SILENT_SECONDS = 30
_LOG = logging.getLogger("portal.jobs")


def register(jobs: App, _app: Flask) -> None:
    """Adds the task and its minute. It takes no lock: a lock that died with its worker would keep it from running."""

    @jobs.periodic(cron="* * * * *")
    @jobs.task(name=RESUME_TASK, queue="default", queueing_lock=RESUME_TASK)
    async def resume_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001
        manager = jobs.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            _LOG.warning("job %s (%s) is taken up again after its worker died", job.id, job.task_name)
            await manager.retry_job(job)
