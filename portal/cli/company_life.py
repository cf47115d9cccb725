"""`flask company licence|close|take-up|erase-due|certificates`: what the operator does in the life of a company."""

from __future__ import annotations

import json
from datetime import date

import click
from flask import current_app
from flask.cli import AppGroup

from portal.cli.operator import company_named, in_sentences, refuse, work_in
from portal.domain.licences import Licence, LicenceKind
from portal.integrations.signatures import Signer
from portal.jobs import company_life
from portal.services import closings, erasures, licences


def add_to(command: AppGroup) -> None:
    """The commands join those of portal/cli/company.py."""
    for one in (licence, close, take_up, erase_due, certificates, signing_key):
        command.add_command(one)


@click.command("licence")
@click.argument("slug")
@click.option("--kind", type=click.Choice([kind.value for kind in LicenceKind]), help="Other terms.")
@click.option("--until", help="The last day, such as 2027-01-31, or never.")
def licence(slug: str, kind: str | None, until: str | None) -> None:
    """Show or change the licence of the company SLUG."""
    with in_sentences(), work_in(company_named(slug)) as uow:
        if kind is not None or until is not None:
            licences.set_terms(uow, *_terms(uow.company.licence, kind, until))
        standing = licences.standing(uow)
    click.echo(f"{slug}: {standing.kind}, {standing.state}, {standing.seats} active people")
    for name, day in (
        ("last day", standing.last_day),
        ("closing from", standing.closing_from),
        ("erased from", standing.erase_on),
    ):
        click.echo(f"  {name}: {day or 'none'}")


@click.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Confirm, as the second person, what the only admin of SLUG has asked for."""
    with in_sentences(), work_in(company_named(slug)) as uow:
        waiting = closings.waiting(uow)
        if waiting is None:
            refuse("Nobody has asked to close this company: an admin does so on the page Licence.")
        closings.confirm(uow, waiting.id)
        day = licences.standing(uow).erase_on
    click.echo(f"{slug} is closing; from {day} on it is erased.")


@click.command("take-up")
@click.argument("slug")
def take_up(slug: str) -> None:
    """Let the company SLUG go on, although it was to be closed."""
    with in_sentences(), work_in(company_named(slug)) as uow:
        closings.take_up(uow)
        state = licences.standing(uow).state
    click.echo(f"{slug} goes on: {state}.")


@click.command("erase-due")
def erase_due() -> None:
    """Do now what the hourly job does: letters that are due, erasures that are due or unfinished."""
    ended = company_life.run()
    left = erasures.unfinished()
    click.echo(f"{ended} erasures ended, {len(left)} unfinished.")
    raise SystemExit(1 if left else 0)


@click.command("certificates")
def certificates() -> None:
    """Print the certificates of all erased companies, one JSON a line."""
    for certificate in erasures.all_of_them():
        click.echo(json.dumps(certificate, sort_keys=True))


@click.command("signing-key")
def signing_key() -> None:
    """Print the public key with which this installation signs archives, certificates and licence files."""
    click.echo(Signer.of(current_app.extensions["staffroom"].outside.master_keys).public)


def _terms(held: Licence, kind: str | None, until: str | None) -> tuple[LicenceKind, date | None]:
    """What is not said stays as it is; a licence without an end has no last day, and takes none."""
    wanted = LicenceKind(kind) if kind is not None else held.kind
    day = _day(until) if until is not None else held.ends_on
    if wanted is not LicenceKind.UNLIMITED:
        return wanted, day
    if until is not None and day is not None:
        refuse("An unlimited licence has no last day: say --kind trial or --kind paid beside --until.")
    return wanted, None


def _day(text: str) -> date | None:
    if text == "never":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not a day, such as 2027-01-31.", param_hint="--until"
        ) from None
