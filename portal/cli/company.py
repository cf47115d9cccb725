"""`flask company`."""

from __future__ import annotations

import click


@click.group("company")
def command() -> None:
    """To be filled."""
