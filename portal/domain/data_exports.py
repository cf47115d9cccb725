"""Copies of a person's data: what becomes of one, and for how long it waits to be fetched."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: A copy that nobody fetches goes after this; a new one is made whenever somebody asks.
KEPT_FOR = timedelta(days=7)
#: One is made at a time, and not one after the other all day long.
MOST_A_DAY = 3


class ExportStatus(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FETCHED = "fetched"
    EXPIRED = "expired"
    FAILED = "failed"


def may_be_fetched(status: ExportStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Once, while it lasts."""
    return status is ExportStatus.READY and expires_at is not None and now < expires_at
