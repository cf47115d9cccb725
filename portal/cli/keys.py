"""`flask keys`: do the keys of companies open, and closing them anew after a move or a rotation."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import refuse, work_in
from portal.integrations.keys import KeysUnavailable, MasterKeys, SealBroken, SigningKeys
from portal.services import audit, companies, company_key_upkeep, sealing

command = AppGroup("keys", help="The keys that close companies' keys; see docs/operations.md.")


@command.command("check")
def check() -> None:
    """Open the keys of every company; ends with 1 when some stay closed."""
    closed = 0
    for company in companies.all_companies():
        with work_in(company) as uow:
            try:
                versions = len(sealing.company_keys(uow).data_keys)
                click.echo(f"{company.slug}: {versions} open")
            except (KeysUnavailable, SealBroken) as why:
                closed += 1
                click.echo(f"{company.slug}: CLOSED ({why})")
    raise SystemExit(1 if closed else 0)


@command.command("rotate")
@click.argument("which", type=click.Choice(["master", "signing"]))
def rotate(which: str) -> None:
    """Add a fresh key to the file of the master keys, or of the signing keys; running processes go on with theirs."""
    path = current_app.extensions["staffroom"].settings.key_file
    path = path if which == "master" else path.with_name("signing.json")
    if path.stat().st_uid != os.geteuid():
        refuse(f"{path} belongs to another user, who could not read it afterwards: run this as that user.")
    if which == "signing":
        SigningKeys.rotate(path)
        click.echo(f"{path} has a new key, and still knows the one before.")
        click.echo("Restart all processes before the next rotation.")
        return
    number = MasterKeys.rotate(path).current
    click.echo(f"{path}: master key {number} closes from the next start on; those before it still open.")
    click.echo("Now keep a copy of the file, put it on every machine, restart all processes,")
    click.echo("and when they are back: flask keys rewrap")


@command.command("rewrap")
def rewrap() -> None:
    """Close every company's keys by what the settings name now. Repeat it after a fault: what is done is done again."""
    staffroom = current_app.extensions["staffroom"]
    owner_url, wrapping = staffroom.settings.database_owner_url, staffroom.outside.key_wrapping
    if owner_url is None:
        refuse("DATABASE_OWNER_URL is missing: keys are changed as the owner of the database alone.")
    for company in companies.all_companies():
        try:
            count = company_key_upkeep.close_anew(owner_url, wrapping, company.id)
        except (KeysUnavailable, SealBroken) as why:
            refuse(
                f"{company.slug}: {why}. Its keys are as before; those of companies above are closed anew."
            )
        with work_in(company) as uow:
            audit.record(uow, audit.Action.COMPANY_KEYS_REWRAPPED, count=count)
        click.echo(f"{company.slug}: {count} closed by {wrapping.current}")
