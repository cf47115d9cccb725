"""`flask company`: founding companies."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import uuid4
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import AppGroup

from portal.actors import CompanyFacts
from portal.cli import company_archives, company_life
from portal.cli.operator import in_sentences, work_in
from portal.domain.licences import NO_END, Licence, LicenceKind
from portal.domain.second_factors import Policy
from portal.integrations import public_holidays
from portal.services import companies, first_person
from portal.web.language import LANGUAGES

command = AppGroup("company", help="Companies.")
company_life.add_to(command)
company_archives.add_to(command)


@command.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What people call the company.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option("--time-zone", default="Europe/Prague", show_default=True)
@click.option(
    "--country", default="CZ", show_default=True, help="Where public holidays come from (ISO 3166)."
)
@click.option("--subdivision", help="The part of the country, where holidays differ.")
@click.option(
    "--domain", "domains", multiple=True, help="An e-mail domain that leads to the company; repeatable."
)
@click.option("--admin-email", required=True, help="The first person: HR and admin.")
@click.option("--admin-first-name", required=True)
@click.option("--admin-last-name", required=True)
def create(
    slug: str,
    name: str,
    language: str,
    time_zone: str,
    country: str,
    subdivision: str | None,
    domains: tuple[str, ...],
    admin_email: str,
    admin_first_name: str,
    admin_last_name: str,
) -> None:
    """Found the company SLUG and invite its first person, all or nothing."""
    _check_place(time_zone, country, subdivision)
    company = CompanyFacts(
        uuid4(),
        slug,
        name.strip(),
        language,
        time_zone,
        country,
        subdivision,
        Policy.OFF,
        _first_licence(time_zone),
    )
    with in_sentences():
        companies.check_slug(slug)
        with work_in(company) as uow:
            companies.found(uow)
            for domain in domains:
                companies.verify_domain(uow, domain)
            person = first_person.take_in(
                uow, email=admin_email, first_name=admin_first_name, last_name=admin_last_name
            )
            url = uow.outside.url
    click.echo(f"{company.name} is founded: {url}/c/{slug}/")
    click.echo(f"{person.name} <{person.email}> is invited as HR and admin.")
    if not os.environ.get("STAFFROOM_URL"):
        click.echo(
            f"STAFFROOM_URL is not set: the link in the letter leads to {url}. Set it where another port serves."
        )


def _first_licence(time_zone: str) -> Licence:
    """Time to look around where companies pay; elsewhere no end."""
    staffroom = current_app.extensions["staffroom"]
    if not staffroom.outside.payments.on:
        return NO_END
    last = staffroom.clock.today(time_zone) + timedelta(days=staffroom.settings.trial_days)
    return Licence(LicenceKind.TRIAL, last)


def _check_place(time_zone: str, country: str, subdivision: str | None) -> None:
    if time_zone not in available_timezones():
        raise click.BadParameter(
            f"{time_zone!r} is not a time zone, such as Europe/Prague.", param_hint="--time-zone"
        )
    if country not in public_holidays.countries():
        raise click.BadParameter(f"{country!r} is not a country, such as CZ.", param_hint="--country")
    if subdivision is not None and subdivision not in public_holidays.subdivisions(country):
        known = ", ".join(public_holidays.subdivisions(country)) or "none"
        raise click.BadParameter(
            f"{subdivision!r} is not a part of {country}: {known}.", param_hint="--subdivision"
        )
