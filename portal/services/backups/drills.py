"""Restores a backup into a place that is thrown away, asks it everything, and keeps the figures."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.db import without_company
from portal.domain.clock import Clock
from portal.models.backup import Drill
from portal.services.backups import after_restore, backup_log, checks, restoring
from portal.services.backups.checks import Check
from portal.services.backups.making import Backups
from portal.services.backups.manifest import Manifest
from portal.services.backups.restored import running
from portal.services.backups.restoring import RestoreFailed
from portal.services.outside import Outside


@dataclass(frozen=True)
class DrillReport:
    """What a drill found: how long it took, how old the backup was, and each check."""

    backup_id: str
    started_at: datetime
    passed: bool
    #: Recovery time: from nothing to a checked portal.
    duration_ms: int
    #: Recovery point: the work that would have been lost.
    recovery_point_seconds: int
    checks: tuple[Check, ...]
    size_bytes: int
    row_count: int
    file_count: int
    version: str


def drill(backups: Backups, outside: Outside, backup_id: str = "latest") -> DrillReport:
    """One drill, with its figures in the record; a backup that cannot be restored is a drill that failed."""
    started_at, begun = backups.clock.now(), time.monotonic()
    manifest: Manifest | None = None
    try:
        manifest = restoring.chosen(backups, backup_id)
        found = _rehearse(backups, outside, manifest)
    except RestoreFailed as failed:
        found = [Check("restore", passed=False, detail=str(failed))]
    report = DrillReport(
        backup_id=manifest.id if manifest else backup_id,
        started_at=started_at,
        passed=all(check.passed for check in found),
        duration_ms=round((time.monotonic() - begun) * 1000),
        recovery_point_seconds=int((started_at - manifest.taken_at).total_seconds()) if manifest else 0,
        checks=tuple(found),
        size_bytes=manifest.size if manifest else 0,
        row_count=manifest.rows if manifest else 0,
        file_count=manifest.files if manifest else 0,
        version=backups.version,
    )
    _keep(report)
    return report


def latest_drill() -> DrillReport | None:
    """The newest drill, for whoever shows it."""
    return next(iter(list_drills(1)), None)


def list_drills(limit: int = 60) -> list[DrillReport]:
    """The newest first."""
    with without_company() as session:
        rows = session.scalars(select(Drill).order_by(Drill.started_at.desc()).limit(limit))
        return [_report(row) for row in rows]


def _rehearse(backups: Backups, outside: Outside, manifest: Manifest) -> list[Check]:
    with tempfile.TemporaryDirectory(prefix="staffroom-drill-") as place:
        Path(place).chmod(0o711)  # the server's user may be another one
        folder = Path(place) / "instance"
        clock: Clock = backups.clock
        with running(folder, outside=outside, clock=clock, version=backups.version, durable=False) as portal:
            contents = restoring.bring_back(backups, manifest, portal)
            found = checks.run(portal, contents)
            after_restore.settle(portal, backup_id=manifest.id, taken_at=manifest.taken_at)
            return [*found, *checks.after_settling(portal)]


def _keep(report: DrillReport) -> None:
    backup_log.note_drill(asdict(report) | {"checks": json.dumps([asdict(check) for check in report.checks])})


def _report(row: Drill) -> DrillReport:
    return DrillReport(
        backup_id=row.backup_id,
        started_at=row.started_at,
        passed=row.passed,
        duration_ms=row.duration_ms,
        recovery_point_seconds=row.recovery_point_seconds,
        checks=tuple(Check(**check) for check in json.loads(row.checks)),
        size_bytes=row.size_bytes,
        row_count=row.row_count,
        file_count=row.file_count,
        version=row.version,
    )
