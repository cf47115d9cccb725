"""Commands on a database without the tables of this version end with what to do about it."""

from __future__ import annotations

from typing import Any

import click
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import ProgrammingError

from portal.cli.operator import refuse


def asked_for(command: click.Command) -> click.Command:
    """The command, which names `flask db upgrade` instead of the first table that it missed."""
    invoke = command.invoke

    def told(ctx: click.Context) -> Any:
        try:
            return invoke(ctx)
        except (ProgrammingError, UndefinedTable, UndefinedColumn) as error:
            missed = error.orig if isinstance(error, ProgrammingError) else error
            if not isinstance(missed, UndefinedTable | UndefinedColumn):
                raise
            refuse(
                "The database does not have the tables of this version."
                f" Bring it there with `flask db upgrade`. ({str(missed).splitlines()[0]})"
            )

    command.invoke = told  # type: ignore[method-assign]
    return command
