"""The commands of `flask`: one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import absences, audit, company, demo, people, privacy, serve


def init_app(app: Flask) -> None:
    for command in (
        absences.command,
        audit.command,
        company.command,
        demo.command,
        people.command,
        privacy.command,
        serve.command,
        serve.worker,
    ):
        app.cli.add_command(command)
