"""What shows that the promises are kept: for each the last thing a machine found, when, with which version, and a hash.

Public, so it holds figures of the installation only: no company, no person, no address, no finding.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.db import without_company
from portal.domain.backups import DRILL_AT_MOST, NEWEST_AT_MOST
from portal.integrations.evidence import EvidenceFolder
from portal.models.backup import BackupOutcome, BackupRun
from portal.services.backups import drills

#: How old evidence of a file may be before it says nothing any more.
AT_MOST = {
    "audit-anchors": timedelta(hours=2),
    "audit-verify": timedelta(days=2),
    "pentest": timedelta(days=35),
    "isolation": timedelta(days=2),
    "tls": timedelta(days=2),
    "incidents": timedelta(days=2),
    "antivirus": timedelta(hours=1),
}


class EvidenceState(StrEnum):
    GOOD = "good"
    FAILED = "failed"
    #: Nothing failed, but not everything was looked at.
    INCOMPLETE = "incomplete"
    OLD = "old"
    MISSING = "missing"
    #: The operator of this installation has not set it up: nothing is promised.
    OFF = "off"


@dataclass(frozen=True)
class Evidence:
    """One promise. `figures` are plain numbers and short texts; `sha256` is that of `text`, which covers all of it."""

    promise: str
    state: EvidenceState
    at: datetime | None = None
    version: str = ""
    figures: tuple[tuple[str, int | str], ...] = ()
    text: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""


def collect(folder: EvidenceFolder, now: datetime, *, off: frozenset[str] = frozenset()) -> list[Evidence]:
    """In the order of the page; `off`: what this installation does without."""
    return [
        _backup(now),
        _drill(now),
        *(
            Evidence(name, EvidenceState.OFF) if name in off else _from_file(folder, name, limit, now)
            for name, limit in AT_MOST.items()
        ),
    ]


def _backup(now: datetime) -> Evidence:
    with without_company() as session:
        newest = session.execute(
            select(BackupRun.taken_at, BackupRun.checked_at, BackupRun.size_bytes)
            .where(BackupRun.outcome == BackupOutcome.GOOD, BackupRun.removed_at.is_(None))
            .order_by(BackupRun.taken_at.desc())
            .limit(1)
        ).one_or_none()
    if newest is None:
        return Evidence("backup", EvidenceState.MISSING)
    figures: dict[str, int | str] = {"bytes": newest.size_bytes or 0}
    return _made("backup", newest.taken_at, "", figures, passed=True, limit=NEWEST_AT_MOST, now=now)


def _drill(now: datetime) -> Evidence:
    last = drills.latest_drill()
    if last is None:
        return Evidence("drill", EvidenceState.MISSING)
    figures: dict[str, int | str] = {
        "recovery_seconds": round(last.duration_ms / 1000),
        "lost_seconds": last.recovery_point_seconds,
        "checks": len(last.checks),
        "rows": last.row_count,
        "files": last.file_count,
    }
    return _made(
        "drill", last.started_at, last.version, figures, passed=last.passed, limit=DRILL_AT_MOST, now=now
    )


def _from_file(folder: EvidenceFolder, name: str, limit: timedelta, now: datetime) -> Evidence:
    found = folder.read(name)
    if found is None:
        return Evidence(name, EvidenceState.MISSING)
    at = datetime.fromisoformat(found["at"])
    return _made(
        name, at, str(found["version"]), found["figures"], passed=found["passed"], limit=limit, now=now
    )


def _made(
    promise: str,
    at: datetime,
    version: str,
    figures: dict[str, Any],
    *,
    passed: bool,
    limit: timedelta,
    now: datetime,
) -> Evidence:
    facts = {
        "promise": promise,
        "at": at.isoformat(),
        "version": version,
        "passed": passed,
        "figures": figures,
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    state = EvidenceState.GOOD if passed else EvidenceState.FAILED
    if not passed and figures.get("not_run") and figures.get("failed") == 0:
        state = EvidenceState.INCOMPLETE
    if now - at > limit:
        state = EvidenceState.OLD
    return Evidence(promise, state, at, version, tuple(sorted(figures.items())), text)
