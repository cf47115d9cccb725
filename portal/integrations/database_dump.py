"""PostgreSQL's own programs that write a database out and read it in. Knows no table of the portal."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portal.database_url import libpq
from portal.embedded.binaries import find_binaries
from portal.embedded.cluster import environment
from portal.integrations.streams import input_of, output_of

#: Milliseconds to wait for a migration that holds a table.
_LOCK_PATIENCE = 120_000


def dump(url: str, *, snapshot: str) -> AbstractContextManager[IO[bytes]]:
    """The database as it was in the exported snapshot, compressed, in PostgreSQL's custom format."""
    options = ("--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_PATIENCE}")
    return output_of(*_command("pg_dump", url, *options))


def roles(url: str) -> AbstractContextManager[IO[bytes]]:
    """The server's roles and what each may do; pg_dump leaves them out. Without passwords: a restore sets new ones."""
    database = conninfo_to_dict(libpq(url))["dbname"]
    options = ("--roles-only", "--no-role-passwords", f"--database={database}")
    return output_of(*_command("pg_dumpall", url, *options))


def restore(url: str) -> AbstractContextManager[IO[bytes]]:
    """Reads a dump into a database without tables; the first error ends it, and then nothing of it is there."""
    return input_of(*_command("pg_restore", url, "--exit-on-error", "--single-transaction"))


def _command(program: str, url: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """The password goes by the environment: everybody on a machine can read the words of a command."""
    parts = conninfo_to_dict(libpq(url))
    password = parts.pop("password", None)
    secret = {"PGPASSWORD": str(password)} if password else {}
    address = f"--dbname={make_conninfo('', **parts)}"
    return [str(find_binaries() / program), *options, address], {**environment(), **secret}
