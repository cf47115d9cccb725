"""`flask licence`: files that say what a company has which runs its own portal. docs/billing.md has the whole story."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.cli.operator import company_named, in_sentences, refuse, work_in
from portal.domain.licence_files import Terms
from portal.integrations import licence_documents
from portal.integrations.signatures import Signer
from portal.services import companies, licence_files, licences
from portal.services.licence_files import Installed
from portal.web.refusals import sentence

command = AppGroup("licence", help="Licence files of companies that run their own portal.")
_DAY = click.DateTime(["%Y-%m-%d"])


@command.command("issue")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--company", "slug", required=True, help="The company's short name in its own portal.")
@click.option("--deployment", required=True, help="What `flask licence show` prints in that portal.")
@click.option("--plan", default="Staffroom", show_default=True, help="What people read there.")
@click.option("--persons", required=True, type=click.IntRange(1, 1_000_000), help="For how many people.")
@click.option("--from", "first", type=_DAY, help="The first day; today if left out.")
@click.option("--until", "last", type=_DAY, required=True, help="The last day, such as 2027-12-31.")
def issue(
    file: Path,
    slug: str,
    deployment: str,
    plan: str,
    persons: int,
    first: datetime | None,
    last: datetime,
) -> None:
    """Write a licence to FILE, signed by this portal's own key."""
    staffroom = current_app.extensions["staffroom"]
    now = staffroom.clock.now()
    start = first.date() if first is not None else now.date()
    if file.exists():
        refuse(f"{file} is there already; nothing was written.")
    if last.date() < start:
        refuse("--until lies before the first day; nothing was written.")
    terms = Terms(uuid4(), slug, deployment, plan, persons, start, last.date(), now)
    with in_sentences():
        file.write_text(licence_files.issue(staffroom.outside, terms), encoding="utf-8")
    click.echo(f"{file}: licence {terms.number} for {slug}, {persons} people, {start} to {last.date()}.")
    click.echo(
        f"The portal that installs it has STAFFROOM_LICENCE_KEYS={Signer.of(staffroom.outside.master_keys).public}"
    )


@command.command("install")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--company", "slug", help="The company's short name; the only company if left out.")
def install(file: Path, slug: str | None) -> None:
    """Check FILE and put it in force. A file that does not count here changes nothing."""
    text = file.read_bytes()[: licence_documents.LONGEST + 1].decode("utf-8-sig", "replace")
    company = company_named(slug or _only_company())
    with in_sentences(), work_in(company) as uow:
        row = licence_files.install(uow, text)
        seats = licences.seats(uow)
    click.echo(f"{company.slug}: {row.plan}, {seats} of {row.persons} people, until {row.valid_until}.")


@command.command("show")
def show() -> None:
    """Print this portal's own number and, for each company, its file, judged now; ends with 1 if one does not count."""
    outside = current_app.extensions["staffroom"].outside
    click.echo(f"this portal: {licence_files.deployment_id(outside)}")
    failing = 0
    for company in companies.all_companies():
        with work_in(company) as uow:
            one, seats, today = licence_files.standing(uow).installed, licences.seats(uow), uow.today()
        click.echo(f"{company.slug}: {_in_words(one, seats, today)}")
        failing += one is not None and one.problem is not None
    raise SystemExit(1 if failing else 0)


@command.command("remove")
@click.argument("slug")
def remove(slug: str) -> None:
    """Take the licence file of the company SLUG away: it has no end any more."""
    with in_sentences(), work_in(company_named(slug)) as uow:
        licence_files.take_away(uow)
    click.echo(f"{slug}: no licence file, and no end.")


def _only_company() -> str:
    slugs = [company.slug for company in companies.all_companies()]
    if len(slugs) != 1:
        refuse("Name the company by --company: " + (", ".join(slugs) or "there is none yet"))
    return slugs[0]


def _in_words(one: Installed | None, seats: int, today: date) -> str:
    if one is None:
        return f"no licence file, {seats} people"
    told = f"{one.plan}, {seats} of {one.persons} people, {one.valid_from} to {one.valid_until}"
    if one.problem is not None:
        with force_locale("en"):
            return f"{told}: DOES NOT COUNT. {sentence(one.problem)}"
    return f"{told}, {(one.valid_until - today).days} days left"
