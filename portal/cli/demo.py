"""`flask demo`: the invented companies Acme and Beta, loaded on the first start of a demonstration."""

from __future__ import annotations

from dataclasses import replace

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import refuse
from portal.config import Mode
from portal.demo import load
from portal.demo.companies import COMPANIES, PASSWORD

command = AppGroup("demo", help="The demo companies.")


@command.command("load")
def load_command() -> None:
    """Load the demo companies that are missing."""
    if current_app.extensions["staffroom"].settings.mode is Mode.PRODUCTION:
        refuse("Everybody knows the demo companies' password: they are never loaded in production.")
    if not load.missing():
        click.echo("Nothing to do.")
    load_once(current_app.extensions["staffroom"].settings.url)


def load_once(url: str) -> None:
    """Loads each demo company that is not there, unless the portal has companies of its own; letters link to `url`."""
    staffroom = current_app.extensions["staffroom"]
    outside = replace(staffroom.outside, url=url)
    for demo in load.missing():
        click.echo(f"Loading the demo company {demo.name} ...")
        load.load(demo, clock=staffroom.clock, outside=outside, version=staffroom.settings.version)


def how_to_sign_in(url: str) -> str:
    """Who there is to sign in as, for the terminal."""
    lines = []
    for demo in COMPANIES:
        codes = "password and code" if demo.second_factor else "password alone"
        lines.append(f"  {demo.name}  {url}/c/{demo.slug}/  ({codes})")
        lines += [f"    {one.email:<18} {one.who:<20} {one.tries}" for one in demo.players]
        lines.append("")
    lines.append(f"  Password of everybody above: {PASSWORD}")
    lines.append(f"  Codes and letters arrive at  {url}/outbox")
    return "\n".join(lines) + "\n"
