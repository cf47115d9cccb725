"""`flask trust`: shows the evidence of the public page, and makes what needs the running portal and nothing else."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.integrations import tls_probe
from portal.integrations.evidence import EvidenceFolder
from portal.services import evidence, incident_clock, isolation_check

command = AppGroup("trust", help="Evidence for the page /trust; see docs/security.md.")


@command.command("show")
@click.argument("promise", required=False)
def show(promise: str | None) -> None:
    """What the page shows of each PROMISE; of one, the very text that its SHA-256 is made of, without a line feed."""
    staffroom = current_app.extensions["staffroom"]
    folder = EvidenceFolder(staffroom.settings.instance / "evidence")
    found = {one.promise: one for one in evidence.collect(folder, staffroom.clock.now())}
    if promise is None:
        for one in found.values():
            when = f"{one.at:%Y-%m-%d %H:%M} UTC" if one.at else "never"
            click.echo(f"{one.promise:<14} {one.state:<10} {when:<20} {one.sha256}".rstrip())
    elif promise in found:
        click.echo(found[promise].text, nl=False)
    else:
        raise click.BadParameter(f"{promise!r} is none of: {', '.join(found)}.", param_hint="PROMISE")


@command.command("check")
@click.option(
    "--authorities", type=click.Path(exists=True, dir_okay=False), help="A certificate authority of your own."
)
def check(authorities: str | None) -> None:
    """Are companies apart, were they told of incidents in time, and is the address's TLS good? Ends with 1 if not."""
    staffroom = current_app.extensions["staffroom"]
    settings, now = staffroom.settings, staffroom.clock.now()
    folder = EvidenceFolder(settings.instance / "evidence")
    found = isolation_check.look()
    for line in found.wrong:
        click.echo(f"NOT APART  {line}")
    click.echo(
        f"{found.companies} companies, {found.tables} tables: {'apart' if not found.wrong else 'NOT APART'}"
    )
    folder.write(
        "isolation",
        at=now,
        version=settings.version,
        passed=not found.wrong,
        companies=found.companies,
        tables=found.tables,
        failed=len(found.wrong),
    )
    passed = _incidents_told(folder) and not found.wrong
    if settings.url.startswith("https://"):
        passed = _tls(folder, authorities) and passed
    else:
        click.echo(f"{settings.url} is not https://: there is no TLS to check")
    raise SystemExit(0 if passed else 1)


def _incidents_told(folder: EvidenceFolder) -> bool:
    staffroom = current_app.extensions["staffroom"]
    now = staffroom.clock.now()
    seen = incident_clock.of_the_year(now)
    click.echo(
        f"incidents of a year: {seen.open} open, {seen.closed} closed, {seen.late} told after 72 hours or not yet"
    )
    folder.write(
        "incidents",
        at=now,
        version=staffroom.settings.version,
        passed=not seen.late,
        open=seen.open,
        closed=seen.closed,
        late=seen.late,
    )
    return not seen.late


def _tls(folder: EvidenceFolder, authorities: str | None) -> bool:
    staffroom = current_app.extensions["staffroom"]
    settings, now = staffroom.settings, staffroom.clock.now()
    seen = tls_probe.probe(settings.url, now, authorities=Path(authorities) if authorities else None)
    folder.write(
        "tls",
        at=now,
        version=settings.version,
        passed=seen.good,
        protocol=seen.protocol or "none",
        days_left=seen.days_left,
        old_protocols="refused" if seen.old_refused else "taken",
    )
    old = "TLS 1.0 and 1.1 are refused" if seen.old_refused else "TLS 1.0 or 1.1 IS TAKEN"
    click.echo(seen.problem or f"{seen.protocol}, certificate good for {seen.days_left} days, {old}")
    return seen.good
