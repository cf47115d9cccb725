"""The company of a request: taken from its address, bound to the unit of work, and nothing else.

Handlers never see the company in their arguments; `url_for` adds it inside a company's pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.exceptions import NotFound

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.db import UnitOfWork, UnknownCompany, open_session, unit_of_work


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_take_company)
    app.url_defaults(_add_company)


def company_slug() -> str | None:
    """The short name in the address, if the page belongs to a company."""
    return g.get("company_slug")


@contextmanager
def company_unit_of_work() -> Iterator[UnitOfWork]:
    """The unit of work of this request, by nobody yet. The guard says who acts, and commits."""
    staffroom = current_app.extensions["staffroom"]
    try:
        with open_session(company_slug=company_slug()) as session:
            company = session.info["company"]
            anonymous = Actor(None, "", "", company.language, company.time_zone)
            facts = RequestFacts(request.remote_addr or "", g.request_id)
            version = staffroom.settings.version
            uow = UnitOfWork(session, company, anonymous, staffroom.clock, facts, version, staffroom.outside)
            try:
                yield uow
            finally:
                uow.close()
    except UnknownCompany:
        g.company_unknown = True
        raise NotFound from None


@contextmanager
def unit_of_work_of(company: CompanyFacts, *, reason: str) -> Iterator[UnitOfWork]:
    """A unit of work of a company that the address does not name, by the portal itself; for the reason given."""
    staffroom = current_app.extensions["staffroom"]
    with unit_of_work(
        company,
        actor=Actor(None, "Staffroom", "", company.language, company.time_zone),
        clock=staffroom.clock,
        request=RequestFacts(request.remote_addr or "", f"{g.request_id}:{reason}"),
        version=staffroom.settings.version,
        outside=staffroom.outside,
    ) as uow:
        yield uow


def _take_company(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.company_slug = values.pop("company", None) if values else None


def _add_company(endpoint: str, values: dict[str, Any]) -> None:
    if "company" in values or g.get("company_slug") is None:
        return
    if current_app.url_map.is_endpoint_expecting(endpoint, "company"):
        values["company"] = g.company_slug
