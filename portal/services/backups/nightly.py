"""The round of every night: a new backup, every kept one read, what is too old removed. Each part is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.backups import taken_at, to_prune
from portal.services.backups import backup_log
from portal.services.backups.checking import Verdict, verify
from portal.services.backups.making import BackupFailed, Backups, make
from portal.services.backups.manifest import Manifest


@dataclass(frozen=True)
class Pruned:
    """Which backups were removed, and which the place would not let us remove."""

    removed: tuple[str, ...]
    kept_by_place: tuple[str, ...]


def create(backups: Backups) -> Manifest:
    """A backup with its line in the record, whatever becomes of it."""
    begun: list[str] = []

    def note(backup_id: str, at: datetime) -> None:
        backup_log.begin(backup_id, at, backups.place.name)
        begun.append(backup_id)

    try:
        manifest = make(backups, begun=note)
    except BackupFailed as failed:
        if begun:
            backup_log.fail(begun[0], backups.clock.now(), str(failed))
        raise
    backup_log.finish(manifest)
    return manifest


def verify_all(backups: Backups, chosen: list[str] | None = None) -> list[Verdict]:
    """Reads every backup, or the chosen ones, and remembers what was found."""
    ids = chosen if chosen is not None else backups.place.ids()
    verdicts = [verify(backups.place, backup_id, backups.key) for backup_id in ids]
    backup_log.note_verdicts(verdicts, backups.clock.now(), backups.place.name)
    return verdicts


def prune(backups: Backups, verdicts: list[Verdict]) -> Pruned:
    """What is too old goes. Broken ones are kept as long as the others, to be looked into."""
    now = backups.clock.now()
    taken = {verdict.backup_id: taken_at(verdict.backup_id) or now for verdict in verdicts}
    chosen = to_prune(taken, {verdict.backup_id for verdict in verdicts if verdict.good}, now)
    done = {one: backups.place.remove(one) for one in chosen}
    backup_log.note_present(backups.place.ids(), now)
    return Pruned(
        tuple(one for one, removed in done.items() if removed),
        tuple(one for one, removed in done.items() if not removed),
    )
