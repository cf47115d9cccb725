"""The commands of `flask`: one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import (
    absences,
    antivirus,
    audit,
    backup_recover,
    company,
    database,
    demo,
    integrity,
    keys,
    licence,
    metrics,
    operator_staff,
    people,
    privacy,
    serve,
    tables,
    trust,
)


def init_app(app: Flask) -> None:
    for command in (
        absences.command,
        antivirus.command,
        audit.command,
        backup_recover.command,
        company.command,
        database.command,
        demo.command,
        integrity.command,
        keys.command,
        licence.command,
        metrics.command,
        operator_staff.command,
        people.command,
        privacy.command,
        serve.command,
        serve.worker,
        trust.command,
    ):
        app.cli.add_command(tables.asked_for(command))
