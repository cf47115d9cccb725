"""Runs migrations as the owner of the tables, waiting for a lock only briefly.

The address comes from `config.attributes["owner_url"]` (tests, `flask serve`, `flask db upgrade`) or from the running app.
"""

from alembic import context
from alembic.util import CommandError
from psycopg.errors import LockNotAvailable
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from portal.models import Company

METADATA = Company.metadata


def _owner_url() -> str:
    given = context.config.attributes.get("owner_url")
    if given:
        return str(given)
    from flask import current_app  # noqa: PLC0415  only when run by `flask db`

    url = current_app.extensions["staffroom"].settings.database_owner_url
    if url is None:
        raise SystemExit("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables.")
    return str(url)


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The job queue keeps its own tables; row-security helpers and the like are not in the metadata either."""
    if kind == "schema":
        return name in {None, "audit"}
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    engine = create_engine(_owner_url(), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text("SET statement_timeout = '10min'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            include_schemas=True,
            include_name=_is_ours,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            raise CommandError(_held_up(error)) from None
        finally:
            connection.close()
            engine.dispose()


def _held_up(error: OperationalError) -> str:
    """`flask db upgrade` prints it and ends with 1."""
    statement = " ".join((error.statement or "").split())[:100]
    return (
        f"Gave up waiting for a lock, so that no page waits behind it: {statement}\n"
        "Somebody holds a table that this migration changes, such as a long request, a backup or an open psql. "
        "The step is undone, and what was there is as it was. Run it again; pg_stat_activity shows who is at work."
    )


run()
