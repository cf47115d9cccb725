"""`flask backup recover`: after damage, everything in one go that is safe; a person's word where work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import make_url

from portal import setting_values
from portal.cli import integrity
from portal.cli.backup import command, connected
from portal.cli.backup_restore import show
from portal.cli.operator import refuse, work_in
from portal.database_beside import DatabaseBeside
from portal.domain.recovery import VETO_TIME, Decision
from portal.services import companies, operator_alarms
from portal.services.backups import recovering
from portal.services.backups.checks import Check
from portal.services.backups.making import Backups
from portal.services.backups.mending import mend_files
from portal.services.backups.recovering import NothingFit, Recovery
from portal.services.backups.restored import RestoredPortal, on_server, running
from portal.services.operator_alarms import Letters
from portal.surroundings import put_in_place

_ASKS = 3
_KIND = "recovery:waiting"


@command.command("recover")
@click.option("--prepare", "only_prepare", is_flag=True, help="Restore beside and check, and switch nothing.")
@click.option(
    "--accept-loss", is_flag=True, help="Switch, although what was written since the backup is lost."
)
@click.option("--veto", is_flag=True, help="Say no: nothing is switched by itself any more.")
@click.option(
    "--admin-url", envvar="DATABASE_ADMIN_URL", help="An administrator's address of a server of your own."
)
def recover(*, only_prepare: bool, accept_loss: bool, veto: bool, admin_url: str | None) -> None:
    """Mend files, or restore beside, check all of it and switch; ends with 3 when a person has to decide."""
    staffroom = current_app.extensions["staffroom"]
    instance = staffroom.settings.instance
    if veto:
        click.echo(
            "Nothing is switched by itself."
            if recovering.veto(instance)
            else "There is nothing to say no to."
        )
        return
    if admin_url and staffroom.settings.production and not setting_values.is_checked(admin_url):
        refuse("DATABASE_ADMIN_URL must reach the server with sslmode=verify-full.")
    backups = connected()
    state = recovering.waiting(instance)
    if state is None:
        if not _is_damaged(backups):
            return
        state = _prepare(backups, admin_url)
    if only_prepare:
        return
    decision = state.decide(
        staffroom.clock.now(),
        automatic=staffroom.settings.backups.recovers_itself,
        accepted=accept_loss,
        last_switch=recovering.last_switch(instance),
    )
    if decision is not Decision.SWITCH:
        click.echo(_what_next(state, decision))
        raise SystemExit(_ASKS)
    former = put_in_place(staffroom.settings, state, admin_url=admin_url, at=staffroom.clock.now())
    if former is None:
        refuse("The portal is running: stop it, then start this command again. Nothing was switched.")
    staffroom.fence.take_down()
    click.echo(
        f"Switched to {state.backup_id}. What stood here before is kept in {former}. Start the portal."
    )


def _is_damaged(backups: Backups) -> bool:
    """Looks, mends files on the way, and puts the fence up; without damage there is nothing to recover from."""
    staffroom = current_app.extensions["staffroom"]
    data, files = integrity.damage()
    if files:
        _mend(backups)
    if data:
        staffroom.fence.put_up("; ".join(data[:3]), at=staffroom.clock.now())
        click.echo(f"Nothing is written from now on: {'; '.join(data[:3])}")
        return True
    if not files:
        click.echo("Every page, index, log and file is as it was written: there is nothing to recover from.")
        if staffroom.fence.stands:
            click.echo("The fence stands. Take it down with `flask integrity fence --down`.")
    return False


def _mend(backups: Backups) -> None:
    staffroom = current_app.extensions["staffroom"]
    keep_in = staffroom.settings.instance / f"replaced-{staffroom.clock.now():%Y%m%dT%H%M%SZ}" / "files"
    lost = 0
    for company in companies.all_companies():
        with work_in(company) as uow:
            mended = mend_files(uow, backups, keep_in)
        lost += len(mended.lost)
        for name in mended.whole:
            click.echo(f"{company.slug}: the file of document version {name} is whole again")
        for name in mended.lost:
            click.echo(f"{company.slug}: NO BACKUP has the file of document version {name}")
    if lost:
        raise SystemExit(1)


def _prepare(backups: Backups, admin_url: str | None) -> Recovery:
    settings = current_app.extensions["staffroom"].settings
    name = f"{make_url(str(settings.database_url)).database}_restored" if admin_url else ""
    click.echo("Restoring beside what there is ...")
    try:
        state = recovering.prepare(backups, _place(admin_url, name), database_name=name, show=_show)
    except NothingFit as nothing:
        refuse(f"No backup is fit for use; nothing was switched. {nothing}")
    click.echo(
        f"{state.backup_id} of {state.taken_at:%Y-%m-%d %H:%M} UTC is whole; {state.erased} erasures were carried out "
        f"again. {_loss(state)}"
    )
    _tell(state)
    return state


def _place(admin_url: str | None, name: str) -> Callable[[Path], AbstractContextManager[RestoredPortal]]:
    staffroom = current_app.extensions["staffroom"]
    settings = staffroom.settings

    def place(folder: Path) -> AbstractContextManager[RestoredPortal]:
        if admin_url:
            beside = DatabaseBeside(admin_url, str(settings.database_url), name)
            return on_server(
                folder, beside, outside=staffroom.outside, clock=staffroom.clock, version=settings.version
            )
        return running(
            folder, outside=staffroom.outside, clock=staffroom.clock, version=settings.version, durable=True
        )

    return place


def _show(backup_id: str, found: list[Check]) -> None:
    click.echo(backup_id)
    show(found)


def _tell(state: Recovery) -> None:
    """By letter too: whoever may say no must hear of it. The letter is not kept in the data that are damaged."""
    staffroom = current_app.extensions["staffroom"]
    settings = staffroom.settings
    letters = Letters(staffroom.outside.mail, settings.backups.operator_email, settings.url)
    if state.lost == 0:
        next_ = "It takes their place now."
    elif settings.backups.recovers_itself:
        next_ = f"It takes their place in {VETO_TIME.seconds // 60} minutes; `flask backup recover --veto` says no."
    else:
        next_ = "Nothing is switched until somebody says `flask backup recover --accept-loss`."
    sentence = (
        f"The portal's data are damaged. {state.backup_id} was restored beside them and is whole. "
        f"{_loss(state)} {next_}"
    )
    operator_alarms.tell_once(_KIND, sentence, now=staffroom.clock.now(), letters=letters)


def _loss(state: Recovery) -> str:
    if state.lost is None:
        return "How much was written since then cannot be read."
    if state.lost == 0:
        return "Nothing was logged since then, so nothing is lost."
    return f"{state.lost} logged events since then would be lost."


def _what_next(state: Recovery, decision: Decision) -> str:
    if decision is Decision.WAIT:
        until = state.prepared_at + VETO_TIME
        return f"It is switched from {until:%H:%M} UTC on, unless somebody says no with --veto."
    return "Look at it, then say `flask backup recover --accept-loss` to switch. Nothing was switched."
