"""Checks that a backup still is what was written: every byte of it, every day."""

from __future__ import annotations

from dataclasses import dataclass

from portal.integrations.backup_key import BackupKey, WrongKey
from portal.integrations.backup_places import MANIFEST, BackupPlace, PlaceFailed
from portal.integrations.streams import Counted
from portal.services.backups.manifest import PARTS, Manifest, ManifestBroken, Part

_CHUNK = 1 << 20
#: Beyond this nobody wrote it.
_LONGEST_MANIFEST = 1 << 20


@dataclass(frozen=True)
class Verdict:
    """What was found; no problem means that every byte is as it was."""

    backup_id: str
    problems: tuple[str, ...] = ()
    #: The key at hand is not the one it was made with: nothing is known to be broken.
    wrong_key: bool = False

    @property
    def good(self) -> bool:
        return not self.problems


def manifest_of(place: BackupPlace, backup_id: str, key: BackupKey | None = None) -> Manifest:
    """What the backup says of itself; with a key its signature is checked."""
    with place.open(backup_id, MANIFEST) as file:
        manifest = Manifest.read(file.read(_LONGEST_MANIFEST), key)
    if manifest.id != backup_id:
        raise ManifestBroken(f"its manifest belongs to {manifest.id}")
    return manifest


def verify(place: BackupPlace, backup_id: str, key: BackupKey) -> Verdict:
    """Reads all of it and compares with the signed manifest."""
    try:
        manifest = manifest_of(place, backup_id, key)
    except WrongKey as wrong:
        return Verdict(backup_id, (str(wrong),), wrong_key=True)
    except (ManifestBroken, PlaceFailed) as broken:
        return Verdict(backup_id, (str(broken),))
    if {part.name for part in manifest.parts} != set(PARTS):
        return Verdict(backup_id, ("its manifest does not name the parts of a backup",))
    problems = (_compare(place, backup_id, part) for part in manifest.parts)
    return Verdict(backup_id, tuple(problem for problem in problems if problem))


def _compare(place: BackupPlace, backup_id: str, part: Part) -> str | None:
    try:
        with place.open(backup_id, part.name) as file:
            counted = Counted(file)
            while counted.read(_CHUNK):
                pass
    except (PlaceFailed, OSError) as failed:
        return f"{part.name} cannot be read: {failed}"
    if counted.size != part.size:
        return f"{part.name} has {counted.size} bytes instead of {part.size}"
    if counted.sha256 != part.sha256:
        return f"{part.name} was altered"
    return None
