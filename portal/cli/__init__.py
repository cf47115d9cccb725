"""The commands of `flask`: one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import audit, company, people, serve


def init_app(app: Flask) -> None:
    for module in (audit, company, people, serve):
        app.cli.add_command(module.command)
