"""`flask privacy`: erases again whoever a restored backup brought back, and runs what the night would."""

from __future__ import annotations

import sys

import click
from flask import current_app

from portal.integrations.erasure_ledger import LedgerBroken
from portal.jobs import erasures, retention
from portal.jobs.unit_of_work import company_job
from portal.services import companies
from portal.services.forgetting import carrying_out
from portal.services.forgetting.replay import replay


@click.group("privacy")
def command() -> None:
    """Erasures and retention of all companies."""


@command.command("replay")
def replay_all() -> None:
    """After every restore, before people come: erase again whoever was erased. Repeating it does no harm."""
    try:
        for company in companies.all_companies():
            with company_job(str(company.id), job="privacy replay") as uow:
                count = replay(uow)
            with company_job(str(company.id), job="privacy replay") as uow:
                due = carrying_out.due_today(uow)
            for request_id in due:
                erasures.run(str(company.id), request_id)
            click.echo(f"{company.slug}: {count} erased again")
    except LedgerBroken as broken:
        click.echo(f"{broken}. Put the copy of the ledger back, then replay.", err=True)
        sys.exit(1)


@command.command("check")
def check() -> None:
    """Walk the ledger of erasures; ends with 1 when a line is not genuine."""
    try:
        count = current_app.extensions["staffroom"].outside.erasures.check()
    except LedgerBroken as broken:
        click.echo(f"{broken}.", err=True)
        sys.exit(1)
    click.echo(f"{count} erasures, all genuine")


@command.command("retention")
def apply_retention() -> None:
    """Delete what has been kept long enough, as the nightly job does."""
    retention.run()
    click.echo("done")
