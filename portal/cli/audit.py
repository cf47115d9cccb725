"""`flask audit`: checks that the audit logs were not rewritten."""

from __future__ import annotations

import sys

import click
from flask import current_app

from portal.cli.operator import work_in
from portal.integrations.evidence import EvidenceFolder
from portal.jobs import audit_anchors as audit_anchor_jobs
from portal.services import audit_anchors, audit_log, companies
from portal.services.audit_anchors import Kept


@click.group("audit")
def command() -> None:
    """The audit logs of all companies."""


@command.command("anchor")
def anchor() -> None:
    """Keep the end of every chain outside the database now, as the worker does each hour; ends with 1 when a chain
    contradicts what was kept before."""
    kept = audit_anchor_jobs.anchor_all()
    for slug, one in kept.items():
        click.echo(f"{slug}: {_said(one)}")
    sys.exit(1 if any(one.contradicted_at is not None for one in kept.values()) else 0)


def _said(kept: Kept) -> str:
    if kept.contradicted_at is not None:
        return f"CONTRADICTS what was kept of event {kept.contradicted_at}: nothing was written, see audit verify"
    if kept.newest is None:
        return "nothing is logged yet"
    when = "now" if kept.written else f"since {kept.newest.at:%Y-%m-%d %H:%M} UTC"
    return f"event {kept.newest.seq} is kept outside the database {when}, as {kept.newest.seq}:{kept.newest.hash}"


@command.command("verify")
@click.argument("slug", required=False)
def verify(slug: str | None) -> None:
    """Walk every chain, or that of one company, and compare it with its anchors; ends with 1 when one is broken."""
    chosen = [company for company in companies.all_companies() if slug in {None, company.slug}]
    if not chosen:
        raise click.ClickException(f"There is no company {slug!r}.")
    broken = events = 0
    for company in chosen:
        with work_in(company) as uow:
            verdict = audit_log.verify(uow, audit_anchors.by_number(uow))
        events += verdict.checked
        if verdict.intact:
            click.echo(
                f"{company.slug}: {verdict.checked} events, intact, {verdict.anchored} anchors agree,"
                f" head {verdict.head}"
            )
            for kept, goes_on in verdict.gaps:
                click.echo(
                    f"  events {kept + 1} to {goes_on - 1} are not in it: a backup was restored at event {goes_on}"
                )
        else:
            broken += 1
            click.echo(f"{company.slug}: BROKEN at event {verdict.broken_at}: {verdict.why}")
    if slug is None:
        staffroom = current_app.extensions["staffroom"]
        EvidenceFolder(staffroom.settings.instance / "evidence").write(
            "audit-verify",
            at=staffroom.clock.now(),
            version=staffroom.settings.version,
            passed=not broken,
            events=events,
        )
    sys.exit(1 if broken else 0)
