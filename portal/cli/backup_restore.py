"""`flask backup restore`, `extract` and `drill`: getting back what was saved, and showing that it works."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app

from portal.cli.backup import command, connected
from portal.cli.operator import refuse
from portal.integrations import storage
from portal.integrations.backup_key import WrongKey
from portal.integrations.backup_places import PlaceFailed
from portal.services.backups import after_restore, checks, drills, restoring, switching
from portal.services.backups.checks import Check
from portal.services.backups.drills import DrillReport
from portal.services.backups.manifest import PARTS
from portal.services.backups.restored import running
from portal.services.backups.restoring import RestoreFailed
from portal.surroundings import put_files_in_bucket, stop_database

_FAILED = 1


@command.command("restore")
@click.argument("backup_id", default="latest")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder; default: beside the portal's own data.",
)
@click.option("--switch", is_flag=True, help="Then put it in the place of the portal's data, which is kept.")
def restore(backup_id: str, into: Path | None, *, switch: bool) -> None:
    """Bring a backup back beside what there is, check all of it, and only then take its place."""
    backups = connected()
    staffroom = current_app.extensions["staffroom"]
    folder = (into or staffroom.settings.instance / "restored").absolute()
    if folder.exists() and any(folder.iterdir()):
        refuse(f"{folder} is not empty. Name an empty folder, or move it away.")
    if (
        switch
        and into is not None
        and os.stat(into.parent).st_dev != os.stat(staffroom.settings.instance).st_dev
    ):
        refuse("To switch, the folder must lie on the disk of the portal's data.")
    try:
        manifest = restoring.chosen(backups, backup_id)
        click.echo(
            f"Restoring {manifest.id}, taken {manifest.taken_at:%Y-%m-%d %H:%M} UTC, into {folder} ..."
        )
        with running(
            folder,
            outside=staffroom.outside,
            clock=staffroom.clock,
            version=staffroom.settings.version,
            durable=True,
        ) as portal:
            contents = restoring.bring_back(backups, manifest, portal)
            found = checks.run(portal, contents)
            show(found)
            if not all(check.passed for check in found):
                refuse(f"{manifest.id} is not fit for use; nothing was switched. It lies in {folder}.")
            erased = after_restore.settle(portal, backup_id=manifest.id, taken_at=manifest.taken_at)
    except RestoreFailed as failed:
        refuse(f"Nothing was restored. {failed}")
    click.echo(f"Sessions, codes and links of that day are dead; {erased} erasures were carried out again.")
    if not switch:
        click.echo(
            f"It lies in {folder}: look at it with STAFFROOM_INSTANCE={folder}, or restore with --switch."
        )
        return
    if not stop_database(staffroom.settings):
        refuse("The portal is running: stop it, then start this command again. Nothing was switched.")
    put_files_in_bucket(staffroom.settings, folder)
    former = switching.switch(staffroom.settings.instance, folder, at=staffroom.clock.now())
    click.echo(f"Switched. What stood here before lies in {former}. Start the portal.")


@command.command("extract")
@click.argument("backup_id")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def extract(backup_id: str, folder: Path) -> None:
    """Open a backup's parts into an empty FOLDER, for pg_restore, psql and tar on a server of your own."""
    backups = connected()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        refuse(f"{folder} is not empty.")
    try:
        manifest = restoring.chosen(backups, backup_id)
        for name in PARTS:
            path = folder / name.removesuffix(".age")
            path.touch(mode=0o600)
            with backups.place.open(manifest.id, name) as sealed, path.open("wb") as plain:
                backups.key.open(sealed, plain)
            click.echo(str(path))
    except (RestoreFailed, PlaceFailed, WrongKey) as failed:
        refuse(str(failed))
    click.echo("These files are not sealed: remove them when you are done.")


@command.command("put-files")
@click.argument("archive", type=click.File("rb"))
def put_files(archive: BinaryIO) -> None:
    """Put the files of an extracted ARCHIVE (files.tar) where the portal keeps its files, over what is there."""
    try:
        restoring.unpack(current_app.extensions["staffroom"].outside.files)(archive)
    except (tarfile.TarError, ValueError) as failed:
        refuse(f"{archive.name} is no archive of files: {failed}")
    except (storage.StorageFull, storage.StorageUnavailable) as failed:
        refuse(f"Not all files were put there ({failed}); start the command again.")
    click.echo("All files of the archive are in their place.")


@command.command("drill")
@click.argument("backup_id", default="latest")
@click.option("--last", is_flag=True, help="Show the newest drill instead of holding one.")
@click.option("--all", "every", is_flag=True, help="List all drills instead of holding one.")
def drill(backup_id: str, *, last: bool, every: bool) -> None:
    """Restore a backup into a place that is thrown away and check all of it; ends with 1 when it is not fit."""
    if every:
        for report in drills.list_drills():
            click.echo(_line(report))
        return
    if last:
        newest = drills.latest_drill()
        if newest is None:
            refuse("There was no drill yet.")
        report = newest
    else:
        report = drills.drill(connected(), current_app.extensions["staffroom"].outside, backup_id)
    click.echo(_line(report))
    show(list(report.checks))
    if not report.passed:
        raise SystemExit(_FAILED)


def show(found: list[Check]) -> None:
    for check in found:
        click.echo(f"  {'ok    ' if check.passed else 'FAILED'}  {check.name:<12} {check.detail}")


def _line(report: DrillReport) -> str:
    return (
        f"{report.started_at:%Y-%m-%d %H:%M} UTC  {'passed' if report.passed else 'FAILED'}  {report.backup_id}: "
        f"back in {report.duration_ms / 1000:.1f} s, {report.recovery_point_seconds / 3600:.1f} h of work lost, "
        f"{report.row_count} rows, {report.file_count} files, {report.size_bytes / 1_000_000:.1f} MB"
    )
