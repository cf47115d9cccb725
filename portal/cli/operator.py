"""What commands that work in a company share: the operator's unit of work, and refusals as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn

import click
from flask import current_app
from flask_babel import force_locale

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.db import UnitOfWork, unit_of_work
from portal.domain.refusals import Refusal
from portal.services import companies
from portal.web.refusals import sentence

#: Who runs commands has the machine; the log says so instead of a person.
OPERATOR = Actor(employee_id=None, name="Operator", email="")
_REFUSED = 2


def work_in(company: CompanyFacts) -> AbstractContextManager[UnitOfWork]:
    """A unit of work of the company by the operator; it commits when the block ends well."""
    staffroom = current_app.extensions["staffroom"]
    return unit_of_work(
        company,
        actor=OPERATOR,
        clock=staffroom.clock,
        request=RequestFacts(ip="", request_id="command"),
        version=staffroom.settings.version,
        outside=staffroom.outside,
    )


def company_named(slug: str) -> CompanyFacts:
    """The company with this short name, or the end of the command."""
    found = [company for company in companies.all_companies() if company.slug == slug]
    if not found:
        refuse(f"There is no company with the short name {slug!r}.")
    return found[0]


@contextmanager
def in_sentences() -> Iterator[None]:
    """Refusals end the command with their sentence, in English, instead of a traceback."""
    with force_locale("en"):
        try:
            yield
        except Refusal as refusal:
            what = f"{refusal.field}: " if refusal.field else ""
            refuse(f"{what}{sentence(refusal)}")


def refuse(text: str) -> NoReturn:
    """Ends the command: nothing was changed, and this is why."""
    click.echo(text, err=True)
    raise SystemExit(_REFUSED)
