"""How the job queue stands: for those who watch a portal, not for those who use it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_BY_STATUS = text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
_OLDEST_DUE = text(
    "SELECT extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at)))"
    " FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id"
    " WHERE job.status = 'todo' AND event.type = 'deferred' AND coalesce(job.scheduled_at, event.at) <= now()"
)


@dataclass(frozen=True)
class JobFigures:
    """Jobs by status, and how long the oldest that is due has waited, in seconds."""

    by_status: dict[str, int]
    oldest_due_seconds: float


def job_figures(session: Session) -> JobFigures:
    """Jobs belong to no company, so neither does the session that counts them."""
    counted = {str(status): int(count) for status, count in session.execute(_BY_STATUS)}
    return JobFigures(counted, float(session.scalar(_OLDEST_DUE) or 0))
