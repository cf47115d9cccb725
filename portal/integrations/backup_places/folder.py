"""Backups in a folder, which should lie on another disk or another machine's mount."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from portal.domain.backups import taken_at
from portal.integrations.backup_places.place import MANIFEST, PlaceFailed

_INCOMING = ".incoming"


@dataclass(frozen=True)
class FolderPlace:
    """`root` must be there: a folder that we made ourselves could be the empty mount point of a missing disk."""

    root: Path

    @property
    def name(self) -> str:
        return str(self.root)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        self._need_root()
        incoming = self.root / _INCOMING
        shutil.rmtree(incoming, ignore_errors=True)
        folder = incoming / uuid4().hex
        try:
            folder.mkdir(mode=0o700, parents=True)
            yield folder
        except PermissionError as refused:
            raise PlaceFailed(f"{self.root} cannot be written to: {refused.strerror}.") from refused
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def publish(self, backup_id: str, folder: Path) -> None:
        """Everything is on the disk before the one rename that makes it a backup."""
        for path in folder.iterdir():
            _sync(path)
        _sync(folder)
        folder.rename(self.root / backup_id)
        _sync(self.root)

    def ids(self) -> list[str]:
        self._need_root()
        return sorted(
            path.name
            for path in self.root.iterdir()
            if taken_at(path.name) is not None and (path / MANIFEST).is_file()
        )

    @contextmanager
    def open(self, backup_id: str, name: str) -> Iterator[IO[bytes]]:
        try:
            with (self.root / backup_id / name).open("rb") as file:
                yield file
        except FileNotFoundError:
            raise PlaceFailed(f"{backup_id} has no {name} in {self.root}.") from None

    def remove(self, backup_id: str) -> bool:
        """The manifest goes first, so that half a backup is none."""
        (self.root / backup_id / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.root / backup_id, ignore_errors=True)
        return True

    def warnings(self, instance: Path) -> Iterator[str]:
        self._need_root()
        if instance.exists() and self.root.stat().st_dev == instance.stat().st_dev:
            yield f"{self.root} lies on the same disk as the portal's data: one broken disk takes both."

    def _need_root(self) -> None:
        if not self.root.is_dir():
            raise PlaceFailed(f"{self.root} is not there. Mount the disk, or make the folder once by hand.")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
