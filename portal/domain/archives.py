"""An archive of a company on its way from the wish to the download: which steps there are, how long it lies ready."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: So long it can be fetched, once.
LIES_READY = timedelta(days=7)
#: A download that began may take so long before its parts are cleared away.
DOWNLOAD_TAKES = timedelta(hours=6)


class ArchiveStatus(StrEnum):
    """From asked for to gone."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FETCHED = "fetched"
    FAILED = "failed"
    GONE = "gone"


def is_fetchable(status: ArchiveStatus, ready_at: datetime | None, now: datetime) -> bool:
    """Once, and for a week."""
    return status is ArchiveStatus.READY and ready_at is not None and now < ready_at + LIES_READY


def is_over(
    status: ArchiveStatus, ready_at: datetime | None, fetched_at: datetime | None, now: datetime
) -> bool:
    """May its parts be cleared away?"""
    if status is ArchiveStatus.FETCHED:
        return fetched_at is not None and now >= fetched_at + DOWNLOAD_TAKES
    if status is ArchiveStatus.READY:
        return ready_at is not None and now >= ready_at + LIES_READY
    return status is ArchiveStatus.FAILED
