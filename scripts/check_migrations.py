"""Fails unless the migrations lead to exactly the models, back to an empty database, and there again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from portal import embedded
from portal.database_url import libpq

PROJECT = Path(__file__).resolve().parent.parent
STEPS = {
    "upgrade": lambda config: command.upgrade(config, "head"),
    "check": command.check,
    "downgrade": lambda config: command.downgrade(config, "base"),
}
#: What a downgrade must take away: all that belongs to the portal's roles.
LEFT = """
    WITH things AS (
        SELECT relowner AS owner, relnamespace AS schema, 'relation ' || relname AS thing FROM pg_class
        UNION ALL SELECT proowner, pronamespace, 'function ' || proname FROM pg_proc
        UNION ALL SELECT typowner, typnamespace, 'type ' || typname FROM pg_type WHERE typtype IN ('e', 'd')
        UNION ALL SELECT nspowner, oid, 'schema ' || nspname FROM pg_namespace
    )
    SELECT thing FROM things WHERE owner IN ('staffroom_owner'::regrole, 'staffroom_audit'::regrole)
    AND thing NOT LIKE 'relation alembic_version%' AND schema NOT IN ('pg_toast'::regnamespace)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "postgres"
        with embedded.EmbeddedPostgres(place, durable=False) as server:
            for step in ("upgrade", "check", "downgrade"):
                _in_a_process_of_its_own(step, server.owner_url)
            _nothing_is_left(server)
            _in_a_process_of_its_own("upgrade", server.owner_url)
    print("Migrations: up, equal to the models, down to nothing, up again.")


def _in_a_process_of_its_own(step: str, owner_url: str) -> None:
    """Alembic's callbacks outlive a command, so that a check after an upgrade in one process goes wrong."""
    environ = {**os.environ, "MIGRATIONS_OWNER_URL": owner_url}
    answer = subprocess.run(
        [sys.executable, "-m", "scripts.check_migrations", step], check=False, cwd=PROJECT, env=environ
    )
    if answer.returncode != 0:
        sys.exit(f"Migrations: `{step}` failed, see above.")


def _nothing_is_left(server: embedded.EmbeddedPostgres) -> None:
    with psycopg.connect(libpq(server.admin_url, dbname="staffroom")) as connection:
        left = [thing for (thing,) in connection.execute(LEFT)]
    if left:
        sys.exit(f"Migrations: the downgrade leaves behind: {', '.join(sorted(left))}")


def run_step(step: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "portal" / "migrations"))
    config.attributes["owner_url"] = os.environ["MIGRATIONS_OWNER_URL"]
    try:
        STEPS[step](config)
    except CommandError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_step(sys.argv[1])
    else:
        main()
