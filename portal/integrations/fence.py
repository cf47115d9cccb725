"""The fence: a file that keeps this portal from writing while its data are damaged. Reading goes on."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Standing:
    """Since when nothing is written, and why, for the operator."""

    since: datetime
    why: str


@dataclass(frozen=True)
class Fence:
    """All processes of one instance folder see the same."""

    file: Path

    @property
    def stands(self) -> bool:
        """Asked before every write: one look at the folder."""
        return self.file.exists()

    def read(self) -> Standing | None:
        try:
            stored = json.loads(self.file.read_bytes())
            return Standing(datetime.fromisoformat(stored["since"]), str(stored["why"]))
        except FileNotFoundError:
            return None

    def put_up(self, why: str, *, at: datetime) -> bool:
        """False when it stood already: the first reason is the one that counts."""
        draft = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        draft.write_text(json.dumps({"since": at.isoformat(), "why": why}))
        try:
            os.link(draft, self.file)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    def take_down(self) -> None:
        with suppress(FileNotFoundError):
            self.file.unlink()
