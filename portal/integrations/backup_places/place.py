"""What a place for backups can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

#: Written last: a backup without it was never finished and is never listed.
MANIFEST = "manifest.json"


class PlaceFailed(Exception):
    """The place cannot be reached or does not do what was asked; the message says which and why."""


class BackupPlace(Protocol):
    """Holds backups by name; each is a handful of files."""

    @property
    def name(self) -> str:
        """For people: no secret."""

    def workspace(self) -> AbstractContextManager[Path]:
        """An empty folder to put a new backup together in. What is left of an interrupted one goes."""

    def publish(self, backup_id: str, folder: Path) -> None:
        """Takes the finished folder; only after this does the backup exist."""

    def ids(self) -> list[str]:
        """The names of all finished backups, the oldest first."""

    def open(self, backup_id: str, name: str) -> AbstractContextManager[IO[bytes]]:
        """One file of a backup, to read from its beginning."""

    def remove(self, backup_id: str) -> bool:
        """False: the place does not let us, because its own rule removes backups."""

    def warnings(self, instance: Path) -> Iterator[str]:
        """What makes this a worse place than it should be."""
