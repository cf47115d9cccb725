"""A file too large to hold, in parts in the file store, so that any machine may hand it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import count
from uuid import UUID, uuid5

from portal.integrations.storage import FileMissing, FileStore

PART_BYTES = 8 * 1024 * 1024


def part_key(owner_id: UUID, number: int) -> UUID:
    """Named by the row that they belong to: a job that is done again writes over what it left."""
    return uuid5(owner_id, str(number))


class Parts:
    """Where a long file is written to. `seal` closes each part for its key; without it they are closed already."""

    def __init__(
        self,
        files: FileStore,
        company_id: UUID,
        owner_id: UUID,
        seal: Callable[[bytes, UUID], bytes] | None = None,
    ) -> None:
        self._files, self._company_id, self._owner_id, self._seal = files, company_id, owner_id, seal
        self._held = bytearray()
        self._hash = hashlib.sha256()
        self.count, self.size = 0, 0
        self.written: set[UUID] = set()

    @property
    def sha256(self) -> bytes:
        """Of all that was written, before it was sealed."""
        return self._hash.digest()

    def forget(self) -> None:
        """Removes what an earlier try has left, or this one."""
        for number in count():
            key = part_key(self._owner_id, number)
            try:
                self._files.get(self._company_id, key)
            except FileMissing:
                return
            self._files.delete(self._company_id, key)

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self._held += data
        while len(self._held) >= PART_BYTES:
            self._put(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]
        return len(data)

    def end(self) -> None:
        self._put(bytes(self._held))
        self._held.clear()

    def _put(self, content: bytes) -> None:
        key = part_key(self._owner_id, self.count)
        self.written.add(key)
        self._files.put(self._company_id, key, content if self._seal is None else self._seal(content, key))
        self.count, self.size = self.count + 1, self.size + len(content)
