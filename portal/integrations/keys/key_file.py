"""Reads and writes the small JSON files that hold keys: owner-only, atomic, never half a file.

It knows nothing of what the entries mean; `master.py` and `signing.py` do.
"""

import json
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class KeysMissing(Exception):
    """The key file is not there and may not be created: starting anyway would orphan every sealed value."""


class KeysUnsafe(Exception):
    """The key file is damaged, or others on this machine can read it."""


@dataclass(frozen=True, repr=False)
class KeyFile:
    """Entries by id, in the order in which they were added, and the id in use for new work."""

    current: str
    entries: dict[str, str]


def read_or_create(path: Path, *, create: bool, first: Callable[[], KeyFile]) -> KeyFile:
    """Read the file; on the first start of a demo or development portal write it with `first()`."""
    if not path.exists():
        if not create:
            raise KeysMissing(
                f"{path} is missing. Restore it from where your keys are kept; a new one opens nothing."
            )
        _write_unless_present(path, first())
    return read(path)


def read(path: Path) -> KeyFile:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeysUnsafe(f"{path} has mode {mode:o}: others can read it. Run: chmod 600 {path}")
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        current, entries = stored["current"], stored["keys"]
        if not isinstance(entries, dict) or not all(isinstance(value, str) for value in entries.values()):
            raise TypeError
        if current not in entries:
            raise KeyError
    except (ValueError, KeyError, TypeError):
        # The cause is cut off: a JSON error quotes the text around it, and that text is keys.
        raise KeysUnsafe(f"{path} is damaged: it is not a key file of this portal.") from None
    return KeyFile(current=current, entries=entries)


def replace(path: Path, content: KeyFile) -> None:
    """Write a new version over the old one; a crash leaves the one or the other, whole."""
    os.replace(_write_beside(path, content), path)
    _sync_folder(path.parent)


def _write_unless_present(path: Path, content: KeyFile) -> None:
    """Two processes that start together must end with the same keys: the second finds the first one's file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = _write_beside(path, content)
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    _sync_folder(path.parent)


def _write_beside(path: Path, content: KeyFile) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = json.dumps({"current": content.current, "keys": content.entries}, indent=2) + "\n"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
