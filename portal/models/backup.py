"""The operator's record of backups and drills, and of what they were told. No row belongs to a company.

Where the backups lie is the truth about them; this is what the portal can say without looking there.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base


class BackupOutcome(StrEnum):
    RUNNING = "running"
    GOOD = "good"
    FAILED = "failed"
    #: Every byte was there once, and now is not.
    BROKEN = "broken"


class BackupRun(Base):
    """One attempt at a backup."""

    __tablename__ = "backup_run"

    #: The backup's name in its place.
    id: Mapped[str] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    place: Mapped[str]
    outcome: Mapped[BackupOutcome]
    #: Why it failed, or what is broken, in English.
    problem: Mapped[str | None] = mapped_column(default=None)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    #: When all of it was last read and compared.
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)


class Drill(Base):
    """A backup restored into a throw-away place and checked, with the figures of it."""

    __tablename__ = "drill"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    backup_id: Mapped[str]
    started_at: Mapped[datetime]
    #: How long from the decision to a portal that answers: the recovery time.
    duration_ms: Mapped[int]
    #: What would have been lost: from the moment of the backup to the start of the drill, in seconds.
    recovery_point_seconds: Mapped[int]
    passed: Mapped[bool]
    #: JSON: a list of {name, passed, detail}, in the order in which they were asked.
    checks: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    row_count: Mapped[int] = mapped_column(BigInteger)
    file_count: Mapped[int]
    version: Mapped[str]


class OperatorAlarm(Base):
    """What is wrong at the moment, since when, and when the operator was last told."""

    __tablename__ = "operator_alarm"

    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)
