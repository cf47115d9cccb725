"""`flask backup`: makes, lists, checks and restores backups, and shows that they can be restored."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import refuse
from portal.integrations.backup_key import BackupKey, WrongKey
from portal.integrations.backup_places import PlaceFailed
from portal.services.backups import nightly
from portal.services.backups.checking import Verdict, manifest_of
from portal.services.backups.making import BackupFailed, Backups
from portal.services.backups.manifest import Manifest, ManifestBroken
from portal.surroundings import connect_backups

command = AppGroup("backup", help="Backups; see docs/backups.md.")
_BROKEN = 1


def connected() -> Backups:
    """The backups as the settings say, or the end of the command."""
    staffroom = current_app.extensions["staffroom"]
    try:
        return connect_backups(staffroom.settings, staffroom.outside, staffroom.clock)
    except BackupFailed as failed:
        refuse(str(failed))


@command.command("make-key")
def make_key() -> None:
    """Make the key of the backups, once. Copy it to where this machine's end does not reach."""
    path = current_app.extensions["staffroom"].settings.backups.key_file
    known = path.exists()
    key = BackupKey.create(path)
    click.echo(f"{path} {'is there already' if known else 'was made'}; its fingerprint is {key.fingerprint}.")
    click.echo(
        "Without it no backup can be opened. Keep a copy with that of the master keys, apart from both."
    )


@command.command("create")
@click.option("--nightly", "round_", is_flag=True, help="Also read every kept backup and remove old ones.")
def create(*, round_: bool) -> None:
    """Make a backup now; ends with 2 when there is none, and with 1 when a kept one is broken."""
    backups = connected()
    _warn(backups)
    try:
        manifest = nightly.create(backups)
    except BackupFailed as failed:
        refuse(f"No backup was made. {failed}")
    click.echo(f"{manifest.id} is in {backups.place.name}: {_figures(manifest)}.")
    if round_:
        _verify(backups, None, prune=True)


@command.command("list")
def list_() -> None:
    """All backups with what they say of themselves; `verify` reads them."""
    backups = connected()
    _warn(backups)
    try:
        ids = backups.place.ids()
    except PlaceFailed as failed:
        refuse(str(failed))
    if not ids:
        click.echo(f"There is no backup in {backups.place.name}.")
    for backup_id in ids:
        try:
            click.echo(f"{backup_id}  {_figures(manifest_of(backups.place, backup_id, backups.key))}")
        except (ManifestBroken, PlaceFailed, WrongKey) as broken:
            click.echo(f"{backup_id}  UNUSABLE: {broken}")


@command.command("verify")
@click.argument("backup_ids", nargs=-1)
def verify(backup_ids: tuple[str, ...]) -> None:
    """Read every byte of all backups, or of those named; ends with 1 when one is broken."""
    _verify(connected(), list(backup_ids) or None, prune=False)


def _verify(backups: Backups, chosen: list[str] | None, *, prune: bool) -> None:
    try:
        verdicts = nightly.verify_all(backups, chosen)
        pruned = nightly.prune(backups, verdicts) if prune else None
    except PlaceFailed as failed:
        refuse(str(failed))
    for verdict in verdicts:
        click.echo(f"{verdict.backup_id}  {_said(verdict)}")
    if pruned is not None:
        for backup_id in pruned.removed:
            click.echo(f"{backup_id}  removed: it was too old")
        for backup_id in pruned.kept_by_place:
            click.echo(f"{backup_id}  too old, and left to the bucket's own rule")
    if not verdicts:
        click.echo(f"There is no backup in {backups.place.name}.")
    if not verdicts or not all(verdict.good for verdict in verdicts):
        raise SystemExit(_BROKEN)


def _said(verdict: Verdict) -> str:
    if verdict.good:
        return "every byte is there"
    return f"{'NOT OPENED' if verdict.wrong_key else 'BROKEN'}: {'; '.join(verdict.problems)}"


def _figures(manifest: Manifest) -> str:
    return (
        f"{manifest.size / 1_000_000:.1f} MB, {manifest.rows} rows of {manifest.companies} companies, "
        f"{manifest.files} files, by version {manifest.portal_version}"
    )


def _warn(backups: Backups) -> None:
    try:
        for warning in backups.place.warnings(backups.instance):
            click.echo(f"Warning: {warning}", err=True)
    except PlaceFailed as failed:
        refuse(str(failed))
