"""`flask operator`: the operator's own staff, who come in on a host of their own. Nobody is one by default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import in_sentences, refuse
from portal.db import open_support_session
from portal.services import operator_staff
from portal.services.operator_work import OperatorWork

command = AppGroup("operator", help="The operator's own staff, for support that companies ask for.")


@command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The real name: companies read it in their audit log.")
def add(email: str, name: str) -> None:
    """Take EMAIL in, and print the link by which they set up password and app. It is good for a day, once."""
    with _work() as work:
        _say_link(operator_staff.add(work, email=email, name=name))


@command.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Make password and app of EMAIL worthless, and print a new set-up link."""
    with _work() as work:
        _say_link(operator_staff.reset(work, email))


@command.command("remove")
@click.argument("email")
def remove(email: str) -> None:
    """Let EMAIL go: signed out at once, and no way in any more."""
    with _work() as work:
        operator_staff.remove(work, email)
    click.echo("Removed.")


@command.command("list")
def list_() -> None:
    """Who is, and was, a member of the staff."""
    with _work() as work:
        for one in operator_staff.list_staff(work):
            state = "removed" if not one.active else "active" if one.set_up else "waits for set-up"
            click.echo(f"{one.email}  {one.name}  {state}")


@command.command("log")
@click.option("--lines", default=50, show_default=True)
def log(lines: int) -> None:
    """What happened at the staff's door, the newest first."""
    with _work() as work:
        for one in operator_staff.list_events(work, lines):
            click.echo(
                f"{one.at:%Y-%m-%d %H:%M:%SZ}  {one.action}  {one.email}  {one.ip}  {one.company}".rstrip()
            )


@contextmanager
def _work() -> Iterator[OperatorWork]:
    staffroom = current_app.extensions["staffroom"]
    if staffroom.settings.operator_url is None:
        refuse("Set STAFFROOM_OPERATOR_URL first: the host name on which the staff come in.")
    with in_sentences(), open_support_session() as session:
        yield OperatorWork(session, staffroom.clock, "command", staffroom.outside)
        session.commit()


def _say_link(token: str) -> None:
    click.echo(f"{current_app.extensions['staffroom'].settings.operator_url}/operator/set-up/{token}")
