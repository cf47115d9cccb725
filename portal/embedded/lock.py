"""One server per folder: a lock that the server's own processes inherit and that only their end releases.

PostgreSQL's pid file alone is not enough: after a restart of the machine or the container, its number may
belong to a stranger, and PostgreSQL would refuse to start.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self


class FolderLock:
    """An flock on a file. The open file is handed to the server; closing our own copy does not release it."""

    def __init__(self, file: Path) -> None:
        self.descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)

    def acquire(self, *, patience: float) -> bool:
        """Waits a little for a server that is just ending; False when another one keeps running."""
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)
            else:
                return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def remove_stale_pid_file(data: Path) -> None:
    """Called with the lock held. A server that somebody started by hand in this folder keeps its pid file."""
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:
        file.unlink()
        return
    try:
        runs_here = os.readlink(f"/proc/{pid}/cwd") == str(data.resolve())
    except FileNotFoundError:
        return  # The process is gone, which PostgreSQL sees for itself.
    except PermissionError:
        runs_here = False  # Another user's process cannot be a server on files that are ours.
    if not runs_here:
        file.unlink()
