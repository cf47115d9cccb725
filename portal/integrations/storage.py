"""Keeps files whole or not at all, under names that nobody chose. What it is given is sealed already.

In a folder here; in a bucket in `bucket_store.py`.
"""

import errno
import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_INCOMING = ".incoming"


class StorageFull(Exception):
    """There is no room for the file. Nothing of it was kept."""


class StorageUnavailable(Exception):
    """The place of the files does not answer. Nothing is known to have been kept."""


class FileMissing(Exception):
    """No such file of that company."""


class FileBroken(Exception):
    """The file is not what was put there."""


@dataclass(frozen=True)
class StoredFile:
    """What the row beside the file remembers of it."""

    key: UUID
    size: int
    sha256: str


class FileStore(Protocol):
    """Where sealed files lie. Keys are random, so the store learns nothing from them."""

    def put(self, company_id: UUID, key: UUID, content: bytes) -> StoredFile: ...

    def get(self, company_id: UUID, key: UUID, *, sha256: str | None = None) -> bytes: ...

    def delete(self, company_id: UUID, key: UUID) -> None: ...

    def keys(self, company_id: UUID) -> Iterator[UUID]: ...

    def delete_company(self, company_id: UUID) -> None: ...

    def discard_unfinished(self, *, older_than: float) -> int: ...

    def all_files(self) -> Iterator[tuple[UUID, UUID]]: ...


def new_key() -> UUID:
    return uuid4()


@dataclass(frozen=True)
class FolderStore:
    """Files under root/<company>/<two digits>/<key>, folders 700 and files 600.

    Both parts of a path are UUIDs, never text from outside, so no name leads elsewhere.
    """

    root: Path

    def put(self, company_id: UUID, key: UUID, content: bytes) -> StoredFile:
        """Keep the file under its key. After this returns it survives a power cut; before, there is no trace of it."""
        path = self._path(company_id, key)
        arriving = self.root / _INCOMING / uuid4().hex
        try:
            for folder in (arriving.parent, path.parent):
                _make_folder(folder, below=self.root)
            _write(arriving, content)
            arriving.replace(path)
            _sync(path.parent)
        except OSError as error:
            arriving.unlink(missing_ok=True)
            if error.errno in _NO_ROOM:
                raise StorageFull from None
            raise
        return StoredFile(key=key, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def get(self, company_id: UUID, key: UUID, *, sha256: str | None = None) -> bytes:
        """The file; with `sha256` it is compared first, and a difference is `FileBroken`."""
        try:
            content = self._path(company_id, key).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None
        if sha256 is not None and not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
            raise FileBroken
        return content

    def delete(self, company_id: UUID, key: UUID) -> None:
        """Gone afterwards, whether or not it was there: a repeated job must not fail."""
        path = self._path(company_id, key)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync(path.parent)

    def keys(self, company_id: UUID) -> Iterator[UUID]:
        """Every file of the company, in no order."""
        for path in (self.root / folder_of(company_id)).glob("??/*"):
            yield UUID(path.name)

    def delete_company(self, company_id: UUID) -> None:
        """Remove every file of the company."""
        folder = self.root / folder_of(company_id)
        if folder.exists():
            shutil.rmtree(folder)
            _sync(self.root)

    def discard_unfinished(self, *, older_than: float) -> int:
        """Remove what a killed process left half written before that moment (seconds since 1970); says how many."""
        discarded = 0
        for path in (self.root / _INCOMING).glob("*"):
            with suppress(FileNotFoundError):  # it was just moved to its place, or another job was faster
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    discarded += 1
        return discarded

    def all_files(self) -> Iterator[tuple[UUID, UUID]]:
        """Company and key of every file, for backups. What is no file of ours is passed over."""
        for path in sorted(self.root.glob("*/??/*")):
            with suppress(ValueError):
                yield UUID(path.parent.parent.name), UUID(path.name)

    def _path(self, company_id: UUID, key: UUID) -> Path:
        return self.root / path_of(company_id, key)


def fill(store: FileStore, source: FileStore) -> int:
    """Puts every file of the source into the store, over what is there; says how many."""
    count = 0
    for company_id, key in source.all_files():
        store.put(company_id, key, source.get(company_id, key))
        count += 1
    return count


def folder_of(company_id: UUID) -> str:
    """Where a store keeps all of a company."""
    return _text(company_id)


def path_of(company_id: UUID, key: UUID) -> str:
    """Where a store keeps the file: <company>/<two digits>/<key>."""
    name = _text(key)
    return f"{folder_of(company_id)}/{name[:2]}/{name}"


def _text(part: UUID) -> str:
    # mypy says the same, but this line is what stands between a caller's mistake and "../../etc".
    if not isinstance(part, UUID):
        raise TypeError("A stored file is named by UUIDs.")
    return str(part)


def _make_folder(folder: Path, *, below: Path) -> None:
    """Create what is missing on the way down, each with mode 700 and known to its parent after a power cut."""
    if folder.is_dir():
        return
    if folder != below:
        _make_folder(folder.parent, below=below)
    folder.mkdir(mode=0o700, exist_ok=True, parents=folder == below)
    _sync(folder.parent)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
