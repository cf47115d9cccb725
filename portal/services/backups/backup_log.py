"""What is remembered of backups, for the pages and alarms that must not look into the place where they lie.

The rows belong to the operator and to no company, so no company's audit log has a place for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.db import operator_work, without_company
from portal.domain.backups import Standing, taken_at
from portal.models.backup import BackupOutcome, BackupRun, Drill
from portal.services.backups.checking import Verdict
from portal.services.backups.manifest import Manifest


def begin(backup_id: str, at: datetime, place: str) -> None:
    with operator_work() as session:
        session.add(BackupRun(id=backup_id, taken_at=at, place=place, outcome=BackupOutcome.RUNNING))


def finish(manifest: Manifest) -> None:
    """It was read back when it was written, so it counts as checked."""
    with operator_work() as session:
        session.execute(
            update(BackupRun)
            .where(BackupRun.id == manifest.id)
            .values(
                outcome=BackupOutcome.GOOD,
                finished_at=manifest.finished_at,
                size_bytes=manifest.size,
                checked_at=manifest.finished_at,
            )
        )


def fail(backup_id: str, at: datetime, problem: str) -> None:
    with operator_work() as session:
        session.execute(
            update(BackupRun)
            .where(BackupRun.id == backup_id)
            .values(outcome=BackupOutcome.FAILED, finished_at=at, problem=problem)
        )


def note_verdicts(verdicts: Iterable[Verdict], at: datetime, place: str) -> None:
    """Also of backups that this database does not know, because it was restored from an older one."""
    with operator_work() as session:
        known = {run.id: run for run in session.scalars(select(BackupRun))}
        for verdict in verdicts:
            if verdict.wrong_key:
                continue
            run = known.get(verdict.backup_id)
            if run is None:
                run = BackupRun(id=verdict.backup_id, taken_at=taken_at(verdict.backup_id) or at, place=place)
                session.add(run)
            run.outcome = BackupOutcome.GOOD if verdict.good else BackupOutcome.BROKEN
            run.problem = "; ".join(verdict.problems) or None
            run.checked_at = at


def note_present(ids: Collection[str], at: datetime) -> None:
    """What is no longer in its place was removed, and what is still said to be running was interrupted."""
    with operator_work() as session:
        finished = (BackupOutcome.GOOD, BackupOutcome.BROKEN)
        session.execute(
            update(BackupRun)
            .where(BackupRun.outcome.in_(finished), BackupRun.removed_at.is_(None), BackupRun.id.not_in(ids))
            .values(removed_at=at)
        )
        session.execute(
            update(BackupRun)
            .where(BackupRun.outcome == BackupOutcome.RUNNING, BackupRun.taken_at < at)
            .values(outcome=BackupOutcome.FAILED, finished_at=at, problem="It was interrupted.")
        )


def note_drill(figures: dict[str, Any]) -> None:
    with operator_work() as session:
        session.add(Drill(**figures))


def standing() -> Standing:
    """What is known without looking into the place."""
    with without_company() as session:
        runs = session.execute(
            select(BackupRun.taken_at, BackupRun.outcome).where(BackupRun.removed_at.is_(None))
        ).all()
        drill = session.execute(
            select(Drill.started_at, Drill.passed).order_by(Drill.started_at.desc()).limit(1)
        ).one_or_none()
    return Standing(
        good=tuple(run.taken_at for run in runs if run.outcome is BackupOutcome.GOOD),
        broken=sum(run.outcome is BackupOutcome.BROKEN for run in runs),
        last_drill=drill.started_at if drill else None,
        last_drill_passed=drill.passed if drill else True,
    )
