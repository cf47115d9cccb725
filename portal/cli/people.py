"""`flask people`."""

from __future__ import annotations

import click


@click.group("people")
def command() -> None:
    """To be filled."""
