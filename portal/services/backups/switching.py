"""Puts a restored portal in the place of the one before it, which is kept. A crash in between is finished later."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from portal.services.backups.restored import FILES, POSTGRES

#: Says that a switch has begun: whoever starts the portal next must finish it first.
MARK = "switching.json"
#: How the folders of former portals begin.
FORMER = "replaced-"
PARTS = (POSTGRES, FILES)


def switch(instance: Path, restored: Path, *, at: datetime, parts: tuple[str, ...] = PARTS) -> Path:
    """Both databases must be stopped. Answers where the former one lies now; nothing of it is deleted."""
    former = instance / f"{FORMER}{at:%Y%m%dT%H%M%SZ}"
    draft = instance / f"{MARK}.new"
    draft.write_text(json.dumps({"restored": str(restored), "former": str(former), "parts": parts}))
    _sync(draft)
    draft.rename(instance / MARK)
    _sync(instance)
    finish(instance)
    return former


def finish(instance: Path) -> bool:
    """Carries out what the mark says, from wherever it was broken off; False when there is none.

    Renames alone: each part is either still here, or already there.
    """
    mark = instance / MARK
    if not mark.exists():
        return False
    said = json.loads(mark.read_text())
    restored, former = Path(said["restored"]), Path(said["former"])
    former.mkdir(mode=0o700, exist_ok=True)
    for part in said["parts"]:
        if not (restored / part).exists():
            continue  # moved before the crash
        if (instance / part).exists() and not (former / part).exists():
            (instance / part).rename(former / part)
        (restored / part).rename(instance / part)
    _sync(instance)
    mark.unlink()
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
