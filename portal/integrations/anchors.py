"""Keeps anchors of the audit logs outside the database: written once, never written over, never taken back.

The folder is the twin that works everywhere. Whoever runs the portal mounts storage there that lets nobody, not even
its administrator, change a file, or copies it away; a bucket with object lock does it by itself (`bucket_anchors.py`).
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4


class AnchorTaken(Exception):
    """This number was anchored before, with other content. What was written stays."""


class AnchorStore(Protocol):
    """Where anchors lie; each is named by its company and the number of an event."""

    def put(self, company_id: UUID, seq: int, content: bytes) -> None: ...

    def numbers(self, company_id: UUID) -> list[int]: ...

    def get(self, company_id: UUID, seq: int) -> bytes: ...


@dataclass(frozen=True)
class FolderAnchors:
    """Files root/<company>/<number>.json that nobody may write, in folders that only the portal may enter."""

    root: Path

    def put(self, company_id: UUID, seq: int, content: bytes) -> None:
        """Whole or not at all; writing the same again is once. Raises AnchorTaken."""
        path = self._path(company_id, seq)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = path.with_name(f".{uuid4().hex}")
        try:
            descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(arriving, path)  # unlike a rename, this never replaces what is there
        except FileExistsError:
            if self.get(company_id, seq) != content:
                raise AnchorTaken(f"event {seq} of {company_id} is anchored already") from None
        finally:
            with suppress(FileNotFoundError):
                arriving.unlink()
        _sync(path.parent)

    def numbers(self, company_id: UUID) -> list[int]:
        """Which events are anchored, the oldest first."""
        found = (one.stem for one in self._path(company_id, 0).parent.glob("*.json"))
        return sorted(int(name) for name in found if name.isdigit())

    def get(self, company_id: UUID, seq: int) -> bytes:
        return self._path(company_id, seq).read_bytes()

    def _path(self, company_id: UUID, seq: int) -> Path:
        return self.root / name_of(company_id, seq)


def name_of(company_id: UUID, seq: int) -> str:
    """How a store names an anchor: <company>/<number>.json."""
    if not isinstance(company_id, UUID):
        raise TypeError("An anchor is named by a UUID.")
    return f"{company_id}/{int(seq):012d}.json"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
