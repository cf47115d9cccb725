"""The commands of `flask`: one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import absences, audit, backup_restore, company, demo, operator_staff, people, serve


def init_app(app: Flask) -> None:
    for command in (
        absences.command,
        audit.command,
        backup_restore.command,
        company.command,
        demo.command,
        operator_staff.command,
        people.command,
        serve.command,
        serve.worker,
    ):
        app.cli.add_command(command)
