"""`flask company archive`, `restore-archive`, `compare-archive`: everything of a company in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import NullPool, create_engine

from portal.cli.operator import company_named, refuse, work_in
from portal.integrations.archive_container import new_passphrase
from portal.integrations.signatures import Signer
from portal.services import archive_requests, audit
from portal.services.archives import comparing, reading, restoring, writing


def add_to(command: AppGroup) -> None:
    """The commands join those of portal/cli/company.py."""
    command.add_command(archive)
    command.add_command(restore_archive)
    command.add_command(compare_archive)


@click.command("archive")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def archive(slug: str, file: Path) -> None:
    """Write everything of the company SLUG to FILE, encrypted and signed."""
    company, staffroom = company_named(slug), current_app.extensions["staffroom"]
    if file.exists():
        refuse(f"{file} exists. Choose another name; nothing was overwritten.")
    passphrase = new_passphrase()
    with work_in(company) as uow:
        left = archive_requests.own_files(uow)
        audit.record(uow, audit.Action.ARCHIVE_MADE)
    arriving = file.with_name(f".{file.name}.part")
    arriving.touch(mode=0o600)
    try:
        with arriving.open("wb") as target:
            manifest = writing.write(
                company,
                target,
                passphrase=passphrase,
                outside=staffroom.outside,
                now=staffroom.clock.now(),
                version=staffroom.settings.version,
                leave_out=left.__contains__,
            )
        arriving.rename(file)
    finally:
        arriving.unlink(missing_ok=True)
    rows = sum(one["rows"] for one in manifest["tables"])
    click.echo(f"{file}: {rows} rows, {len(manifest['files'])} files, signed by {manifest['key']}")
    click.echo(f"Passphrase, shown once and kept nowhere: {passphrase}")


@click.command("restore-archive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--passphrase", prompt=True, hide_input=True, help="Asked for when it is not given.")
@click.option("--signed-by", help="The public key of the portal that wrote it, unless it was this one.")
def restore_archive(file: Path, passphrase: str, signed_by: str | None) -> None:
    """Bring the company in FILE back into this portal, all of it or nothing."""
    staffroom = current_app.extensions["staffroom"]
    owner_url = staffroom.settings.database_owner_url
    if owner_url is None:
        refuse("DATABASE_OWNER_URL is missing: only the owner of the tables may bring a company back.")
    engine = create_engine(owner_url, poolclass=NullPool, hide_parameters=True)
    try:
        with (
            reading.opened(file, passphrase=passphrase, signers=_trusted(signed_by)) as opened,
            engine.begin() as connection,
        ):
            counts = restoring.restore(connection, opened, staffroom.outside)
            slug = opened.manifest["company"]["slug"]
    except reading.ArchiveUnusable as unusable:
        refuse(str(unusable))
    finally:
        engine.dispose()
    click.echo(f"{slug} is back: {sum(counts.values())} rows. Its people sign in at /c/{slug}/.")
    click.echo("Check its log with: flask audit verify " + slug)


@click.command("compare-archive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--passphrase", prompt=True, hide_input=True, help="Asked for when it is not given.")
@click.option("--signed-by", help="The public key of the portal that wrote it, unless it was this one.")
def compare_archive(file: Path, passphrase: str, signed_by: str | None) -> None:
    """Compare the company in FILE with the one here, row by row; ends with 1 when they are not equal."""
    try:
        with reading.opened(file, passphrase=passphrase, signers=_trusted(signed_by)) as opened:
            manifest = opened.manifest
            with work_in(company_named(manifest["company"]["slug"])) as uow:
                own, outside = archive_requests.own_files(uow), uow.outside
            found = comparing.differences(opened, outside, own=own)
    except reading.ArchiveUnusable as unusable:
        refuse(str(unusable))
    for one in found:
        click.echo(one)
    rows = sum(one["rows"] for one in manifest["tables"])
    what = (
        f"{rows} rows of {len(manifest['tables'])} tables, {len(manifest['files'])} files, the company's keys"
    )
    click.echo(f"{manifest['company']['slug']}: {'NOT EQUAL' if found else 'equal'}; compared {what}.")
    click.echo(
        "Not compared: the licence, and what stays behind: " + ", ".join(sorted(manifest["not_taken"]))
    )
    raise SystemExit(1 if found else 0)


def _trusted(signed_by: str | None) -> tuple[str, ...]:
    """The keys whose signature counts: this portal's own, and the one that the operator names."""
    own = Signer.of(current_app.extensions["staffroom"].outside.master_keys).own
    return (*own, *((signed_by,) if signed_by else ()))
