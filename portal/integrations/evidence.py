"""A folder with the last machine-made evidence of what no table keeps: one small JSON file for each check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class EvidenceFolder:
    folder: Path

    def write(self, name: str, *, at: datetime, version: str, passed: bool, **figures: int | str) -> None:
        """In one step, so that nobody reads half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f"{name}.new"
        facts = {"at": at.isoformat(), "version": version, "passed": passed, "figures": figures}
        new.write_text(json.dumps(facts, sort_keys=True) + "\n")
        new.replace(self.folder / f"{name}.json")

    def read(self, name: str) -> dict[str, Any] | None:
        """None when there is none, or what is there is not what was written."""
        try:
            found = json.loads((self.folder / f"{name}.json").read_text())
            datetime.fromisoformat(found["at"])
            return found if isinstance(found["figures"], dict) and isinstance(found["passed"], bool) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
