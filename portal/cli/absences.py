"""`flask absences`: the yearly entitlement of a whole company."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.cli.operator import company_named, in_sentences, work_in
from portal.services import entitlements

command = AppGroup("absences", help="Time off and what it is taken from.")


@command.command("grant")
@click.argument("year", type=click.IntRange(2000, 2099))
@click.argument("company")
def grant(year: int, company: str) -> None:
    """Grant YEAR to everybody in COMPANY who has no grant for it yet; running it again adds nothing."""
    facts = company_named(company)
    with in_sentences(), work_in(facts) as uow:
        count = entitlements.grant_year_for_all(uow, year)
    click.echo(f"Granted {year} to {count} people." if count else f"Everybody has {year} already.")
