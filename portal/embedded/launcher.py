"""How PostgreSQL's programs are started: never as root, and never outliving the process that started them.

PostgreSQL refuses to run as root. In a user namespace root appears as an ordinary user there while its files
stay root's; where namespaces are shut, the programs run as another user of the machine, who then owns the data.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.errors import EmbeddedPostgresError

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
#: SIGINT asks PostgreSQL for a fast shutdown; the kernel sends it when the parent dies, even by kill -9.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "INT", "--")


@dataclass(frozen=True)
class Launcher:
    """The words to put before a program's name, and the user who must own its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def short(self, *command: str | Path) -> list[str]:
        """A program that ends by itself."""
        return [*self.prefix, *map(str, command)]

    def lasting(self, *command: str | Path) -> list[str]:
        """A program that must not outlive us. The order matters: changing identity clears the signal."""
        return [*self.prefix, *DIE_WITH_PARENT, *map(str, command)]

    def can_enter(self, folder: Path) -> bool:
        """Root's own home, for example, is closed to another user."""
        command = self.short("test", "-x", folder)
        return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0

    def give(self, path: Path) -> None:
        """Makes the programs' user the owner of a file, or of a folder with all that is in it."""
        if path.stat().st_uid == self.uid or os.geteuid() != 0:
            return
        for parent, _, files in os.walk(path):
            for name in files:
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(parent, self.uid, self.gid)
        os.chown(path, self.uid, self.gid)


def find_launcher() -> Launcher:
    """The first way that works here for the user we are."""
    if shutil.which("setpriv") is None:
        raise EmbeddedPostgresError("The program setpriv is missing: install the package util-linux.")
    ourselves = os.geteuid(), os.getegid()
    if os.geteuid() != 0:
        return Launcher((), *ourselves)
    if _works(NAMESPACE):
        return Launcher(NAMESPACE, *ourselves)
    person = _unprivileged_user()
    identity = ("setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups", "--")
    if _works(identity):
        return Launcher(identity, person.pw_uid, person.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and this machine lets root neither open a user namespace nor change "
        "to another user. Start Staffroom as an ordinary user, or set DATABASE_URL."
    )


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError(
        "There is no user `postgres` or `nobody` to run PostgreSQL as: create one of them."
    )


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
