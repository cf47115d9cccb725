"""Gets a damaged portal back by itself as far as that is safe: restores beside, checks, and says what may follow.

What stands is never overwritten, and nothing is written into it. The state of the work is a file, so that a command,
the process that watches and a person see the same, and a crash is gone on from.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from portal.database_url import libpq
from portal.domain import recovery
from portal.domain.recovery import Decision
from portal.services.backups import after_restore, checks, database, restoring, switching
from portal.services.backups.checks import Check
from portal.services.backups.making import Backups
from portal.services.backups.manifest import Manifest
from portal.services.backups.restored import RestoredPortal
from portal.services.backups.restoring import RestoreFailed

STATE, FOLDER = "recovery.json", "recovery"
#: Backups that are tried, the newest first: an older one loses more, and after three the trouble is elsewhere.
TRIED = 3

#: Opens an empty portal in a folder, on whatever server it is to live on.
Place = Callable[[Path], AbstractContextManager[RestoredPortal]]


class NothingFit(Exception):
    """No backup came back whole; the message says what became of each."""


@dataclass(frozen=True)
class Recovery:
    """A portal that was restored beside, checked and settled, and what is known for the decision."""

    backup_id: str
    taken_at: datetime
    prepared_at: datetime
    folder: Path
    #: The name of its database, on a server of one's own.
    database: str
    #: Events that came after the backup; None when the damaged logs cannot be read.
    lost: int | None
    erased: int
    vetoed: bool = False
    switched_at: datetime | None = None

    def decide(
        self, now: datetime, *, automatic: bool, accepted: bool, last_switch: datetime | None
    ) -> Decision:
        return recovery.may_switch(
            lost=self.lost,
            automatic=automatic,
            accepted=accepted,
            vetoed=self.vetoed,
            told_at=self.prepared_at,
            last_switch=last_switch,
            now=now,
        )


def heads_of(url: str) -> dict[str, int] | None:
    """How far each company's log goes in the damaged database; None when that cannot be read."""
    try:
        with psycopg.connect(libpq(url)) as connection:
            return {company: seq for company, (seq, _) in database.audit_heads(connection).items()}
    except psycopg.Error:
        return None


def prepare(
    backups: Backups, place: Place, *, database_name: str = "", show: Callable[[str, list[Check]], None]
) -> Recovery:
    """The newest backup that comes back whole, ready beside the damaged portal. Raises NothingFit."""
    seen = heads_of(backups.database_url)
    said = []
    for backup_id in reversed(backups.place.ids()[-TRIED:]):
        folder = backups.instance / FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        try:
            manifest = restoring.chosen(backups, backup_id)
            kept, erased, found = _restore(backups, manifest, place, folder, seen)
        except RestoreFailed as failed:
            said.append(str(failed))
            continue
        show(backup_id, found)
        if all(check.passed for check in found):
            done = Recovery(
                backup_id=backup_id,
                taken_at=manifest.taken_at,
                prepared_at=backups.clock.now(),
                folder=folder,
                database=database_name,
                lost=recovery.lost_events(kept, seen),
                erased=erased,
            )
            write(backups.instance, done)
            return done
        said.append(f"{backup_id}: " + "; ".join(f"{one.name}: {one.detail}" for one in checks.failed(found)))
    raise NothingFit("; ".join(said) or f"There is no backup in {backups.place.name}.")


def _restore(
    backups: Backups, manifest: Manifest, place: Place, folder: Path, seen: dict[str, int] | None
) -> tuple[dict[str, int], int, list[Check]]:
    with place(folder) as portal:
        contents = restoring.bring_back(backups, manifest, portal)
        kept = {company: seq for company, (seq, _) in contents.heads.items()}
        found = checks.run(portal, contents)
        if not all(check.passed for check in found):
            return kept, 0, found
        erased = after_restore.settle(portal, backup_id=manifest.id, taken_at=manifest.taken_at, seen=seen)
        return kept, erased, [*found, *checks.after_settling(portal)]


def write(instance: Path, state: Recovery) -> None:
    """Whole or not at all."""
    facts = {name: _plain(value) for name, value in asdict(state).items()}
    draft = instance / f"{STATE}.new"
    draft.write_text(json.dumps(facts, indent=1))
    draft.replace(instance / STATE)


def read(instance: Path) -> Recovery | None:
    """None when none is under way; one that was switched stays to be read."""
    try:
        kept: dict[str, Any] = json.loads((instance / STATE).read_text())
    except FileNotFoundError:
        return None
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("taken_at", "prepared_at")}
    switched = datetime.fromisoformat(kept["switched_at"]) if kept["switched_at"] else None
    return Recovery(**{**kept, **moments, "folder": Path(kept["folder"]), "switched_at": switched})


def waiting(instance: Path) -> Recovery | None:
    """One that is ready and was not switched yet."""
    state = read(instance)
    return state if state is not None and state.switched_at is None and state.folder.exists() else None


def last_switch(instance: Path) -> datetime | None:
    times = [
        datetime.fromisoformat(json.loads(one.read_text())["switched_at"])
        for one in instance.glob(f"{switching.FORMER}*/{STATE}")
    ]
    return max(times, default=None)


def veto(instance: Path) -> bool:
    """False when there is nothing to say no to."""
    state = waiting(instance)
    if state is None:
        return False
    write(instance, replace(state, vetoed=True))
    return True


def finish(instance: Path, state: Recovery, former: Path, *, at: datetime) -> None:
    """Remembers the switch beside what was switched away."""
    write(instance, replace(state, switched_at=at))
    shutil.copy2(instance / STATE, former / STATE)
    shutil.rmtree(state.folder, ignore_errors=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
