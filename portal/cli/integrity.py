"""`flask integrity`: looks for damage in the running portal, and opens or closes the fence that stops writing."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import refuse, work_in
from portal.services import companies, operator_alarms
from portal.services.backups import integrity
from portal.services.operator_alarms import Letters

command = AppGroup("integrity", help="Damage of the running portal's data; see docs/backups.md.")
_DATA, _FILES = "integrity:data", "integrity:files"
_DAMAGED = 1


@command.command("check")
def check() -> None:
    """Read every page, index, log and file; ends with 1 when something is damaged. Damaged data stop all writing."""
    staffroom = current_app.extensions["staffroom"]
    data, files = damage()
    for line in [*data, *files]:
        click.echo(f"DAMAGED  {line}")
    now = staffroom.clock.now()
    if data:
        staffroom.fence.put_up("; ".join(data[:3]), at=now)
        click.echo(
            "Nothing is written until the damage is mended: `flask backup recover`, see docs/backups.md."
        )
    wrong = {}
    if data:
        wrong[_DATA] = (
            "The portal's data are damaged and nothing is written. `flask integrity check` says where."
        )
    if files:
        wrong[_FILES] = f"{len(files)} stored files are damaged. `flask integrity check` says which."
    letters = Letters(
        staffroom.outside.mail, staffroom.settings.backups.operator_email, staffroom.settings.url
    )
    operator_alarms.tell(wrong, of=frozenset({_DATA, _FILES}), now=now, letters=letters)
    if wrong:
        raise SystemExit(_DAMAGED)
    click.echo("Every page, index, log and file is as it was written.")


def damage() -> tuple[list[str], list[str]]:
    """What is wrong with the data, and with stored files."""
    url = current_app.extensions["staffroom"].settings.database_backup_url
    if url is None:
        refuse("DATABASE_BACKUP_URL is missing: the address of the role staffroom_backup.")
    data, files = integrity.damage_of_database(url), list[str]()
    if not data:  # on a broken page the other questions would only repeat it
        for company in companies.all_companies():
            with work_in(company) as uow:
                data += integrity.damage_of_log(uow)
                files += integrity.damaged_files(uow)
    return data, files


@command.command("fence")
@click.option("--up", "why", help="Stop all writing, for the reason given.")
@click.option("--down", is_flag=True, help="Let people write again.")
def fence(why: str | None, *, down: bool) -> None:
    """Show, put up or take down the fence."""
    staffroom = current_app.extensions["staffroom"]
    if why:
        staffroom.fence.put_up(why, at=staffroom.clock.now())
    elif down:
        staffroom.fence.take_down()
    standing = staffroom.fence.read()
    click.echo(
        f"Nothing is written since {standing.since:%Y-%m-%d %H:%M} UTC: {standing.why}"
        if standing
        else "There is no fence: people can write."
    )
