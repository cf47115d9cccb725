"""The demo companies Acme and Beta, loaded on the first start of a demonstration."""

from __future__ import annotations

import click


@click.group("demo")
def command() -> None:
    """The demo companies."""


def load_once() -> None:
    """Loads Acme and Beta unless companies are there."""


def how_to_sign_in(url: str) -> str:
    """The demo logins, for the terminal."""
    return f"  Messages: {url}/outbox\n"
