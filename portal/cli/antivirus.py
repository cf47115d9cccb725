"""`flask antivirus check`: one round of what the worker does every five minutes, with its findings in words."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.jobs import file_scans

command = AppGroup("antivirus", help="The scanner of uploaded files; see docs/operations.md.")


@command.command("check")
def check() -> None:
    """Is the scanner well, and what waits for it? Files in quarantine are asked about now. Ends with 1 if it is not."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    staffroom = app.extensions["staffroom"]
    if not staffroom.outside.antivirus.on:
        click.echo(
            "No antivirus is set up: uploads are not scanned. See STAFFROOM_ANTIVIRUS in docs/settings.md."
        )
        raise SystemExit(1)
    found = file_scans.run(app, old_too=True)
    click.echo(found.version or "The antivirus does not answer.")
    click.echo(f"The harmless test file was {'found' if found.finds else 'MISSED'}.")
    click.echo(f"{found.waiting} files wait in quarantine.")
    raise SystemExit(0 if found.good else 1)
