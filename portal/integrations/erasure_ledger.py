"""Who was erased, kept outside the database so that no restored backup brings anybody back.

A file of lines that only grows. Each line names a company and a person by their random ids, never by anything that
says who they were, and is sealed with a keyed hash over the line before it: a line that was changed, taken out or put
in between is noticed when the file is read.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

PURPOSE = "erasure-ledger"
_FILE = "erasures.jsonl"


class LedgerBroken(Exception):
    """A line is not what was written; `line` counts from one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"the ledger of erasures is broken at line {line}")
        self.line = line


@dataclass(frozen=True)
class Erasure:
    """What was erased of a person at one time, as `table:waits-for`, and what waits for which day."""

    company_id: UUID
    employee_id: UUID
    at: datetime
    parts: tuple[str, ...]
    later: Mapping[str, date]


@dataclass(frozen=True)
class ErasureLedger:
    """The file in a folder of its own, which belongs to no backup of the database and is copied away by itself."""

    folder: Path
    #: The key that signs, first, and older ones that still verify.
    keys: Sequence[bytes]

    def append(self, erasure: Erasure) -> None:
        """After this returns the line survives a power cut. What a line says already is not said again."""
        with self._opened() as file:
            lines = list(_lines(file))
            genuine = list(self._verified(lines))
            if any(_says(line, erasure) for line in genuine):
                return
            before = lines[-1]["mac"] if lines else ""
            line = {**_written(erasure), "n": len(lines) + 1, "before": before}
            line["mac"] = _mac(self.keys[0], line)
            file.seek(sum(len(_bytes(one)) for one in lines))
            file.truncate()  # half a line, left by a power cut, was never promised to anybody
            file.write(_bytes(line))
            file.flush()
            os.fsync(file.fileno())

    def read(self, company_id: UUID) -> list[Erasure]:
        """Every erasure of the company in its order; LedgerBroken when any line of the file is not genuine."""
        if not self._path.exists():
            return []
        with self._opened() as file:
            found = [_read(line) for line in self._verified(list(_lines(file)))]
        return [one for one in found if one.company_id == company_id]

    def check(self) -> int:
        """How many lines there are, all of them genuine."""
        if not self._path.exists():
            return 0
        with self._opened() as file:
            return len(list(self._verified(list(_lines(file)))))

    def _verified(self, lines: list[dict[str, object]]) -> Iterator[dict[str, object]]:
        before = ""
        for number, line in enumerate(lines, start=1):
            mac = str(line.get("mac"))
            genuine = any(hmac.compare_digest(_mac(key, line), mac) for key in self.keys)
            if not genuine or line.get("n") != number or line.get("before") != before:
                raise LedgerBroken(number)
            before = mac
            yield line

    @property
    def _path(self) -> Path:
        return self.folder / _FILE

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """One writer or reader at a time, also of other processes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _lines(file: BinaryIO) -> Iterator[dict[str, object]]:
    for number, line in enumerate(file.read().split(b"\n")[:-1], start=1):
        try:
            read = json.loads(line)
        except ValueError:
            raise LedgerBroken(number) from None
        if not isinstance(read, dict):
            raise LedgerBroken(number)
        yield read


def _written(erasure: Erasure) -> dict[str, object]:
    return {
        "company": str(erasure.company_id),
        "person": str(erasure.employee_id),
        "at": erasure.at.isoformat(),
        "parts": list(erasure.parts),
        "later": {part: day.isoformat() for part, day in sorted(erasure.later.items())},
    }


def _read(line: Mapping[str, object]) -> Erasure:
    later: Mapping[str, str] = line["later"]  # type: ignore[assignment]
    return Erasure(
        UUID(str(line["company"])),
        UUID(str(line["person"])),
        datetime.fromisoformat(str(line["at"])),
        tuple(line["parts"]),  # type: ignore[arg-type]
        {part: date.fromisoformat(day) for part, day in later.items()},
    )


def _says(line: Mapping[str, object], erasure: Erasure) -> bool:
    """Whether the line says all of it: a job that was killed begins again with what is left."""
    same = (line["company"], line["person"]) == (str(erasure.company_id), str(erasure.employee_id))
    return same and set(erasure.parts) <= set(line["parts"])  # type: ignore[call-overload]


def _mac(key: bytes, line: Mapping[str, object]) -> str:
    said = {name: value for name, value in line.items() if name != "mac"}
    return hmac.new(key, _bytes(said), hashlib.sha256).hexdigest()


def _bytes(line: Mapping[str, object]) -> bytes:
    return json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
