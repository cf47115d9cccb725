"""`flask people`: taking people in from a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli.operator import company_named, in_sentences, refuse, work_in
from portal.services import people_import
from portal.services.people_import import Outcome
from portal.web.import_words import PROBLEMS, column_label

#: Longer lists are cut; the counts are always whole.
_SHOWN = 50


command = AppGroup("people", help="The people of a company.")


@command.command("import")
@click.argument("company")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--invite", is_flag=True, help="Mail an invitation to everybody who is new.")
def import_(company: str, file: Path, *, yes: bool, invite: bool) -> None:
    """Show what FILE would change in COMPANY, ask, and take it in: all of it or nothing."""
    facts = company_named(company)
    with in_sentences():
        data = people_import.as_csv(file.name, file.read_bytes())
        with work_in(facts) as uow:
            outcome = people_import.preview(uow, data)
        _show(outcome)
        if outcome.errors:
            refuse(f"{len(outcome.errors)} problems. Nothing was imported.")
        if outcome.changes_nothing:
            click.echo("Nothing to do.")
            return
        if not yes:
            click.confirm("Import this?", abort=True)
        with work_in(facts) as uow:
            people_import.carry_out(uow, data, digest=outcome.digest, invite=invite)
    click.echo("Imported.")


def _show(outcome: Outcome) -> None:
    for heading in outcome.ignored_columns:
        click.echo(f"The column {heading!r} is unknown and left out.")
    for error in outcome.errors:
        column = f", {column_label(error.column)}" if error.column else ""
        value = f" {error.value!r}:" if error.column and error.value else ""
        click.echo(f"Row {error.row}{column}:{value} {PROBLEMS[error.problem]}", err=True)
    _show_some([f"+ {one.row.first_name} {one.row.last_name} <{one.row.email}>" for one in outcome.new])
    for changed in outcome.changed[:_SHOWN]:
        said = "; ".join(
            f"{column_label(one.column)}: {one.before or '–'} → {one.after}" for one in changed.changes
        )
        click.echo(f"~ {changed.row.email}: {said}")
    _show_some([f"+ team {name}" for name in outcome.new_teams])
    _show_some([f"+ site {name}" for name in outcome.new_sites])
    click.echo(f"{len(outcome.new)} new, {len(outcome.changed)} changed, {outcome.unchanged} unchanged.")


def _show_some(lines: list[str]) -> None:
    for line in lines[:_SHOWN]:
        click.echo(line)
    if len(lines) > _SHOWN:
        click.echo(f"  … and {len(lines) - _SHOWN} more")
