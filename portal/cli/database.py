"""`flask db upgrade`: brings the tables to this version; `flask serve` does it by itself."""

from __future__ import annotations

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import refuse
from portal.cli.serve import migrate

command = AppGroup("db", help="The tables of the database; see docs/operations.md.")


@command.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version, as their owner; ends with 1 when a step gave up waiting for its lock."""
    settings = current_app.extensions["staffroom"].settings
    if settings.database_owner_url is None:
        refuse("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables.")
    try:
        migrate(settings)
    except CommandError as gave_up:
        raise click.ClickException(str(gave_up)) from None
    click.echo(f"The tables are those of version {settings.version}.")
