"""The company of a request: taken from its address, bound to the unit of work, and nothing else.

Handlers never see the company in their arguments; `url_for` adds it inside a company's pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.exceptions import NotFound

from portal.db import Actor, RequestFacts, UnitOfWork, UnknownCompany, open_session


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
            yield UnitOfWork(
                session, company, anonymous, staffroom.clock, facts, staffroom.settings.version, staffroom.outside
            )
    except UnknownCompany:
        raise NotFound from None


def _take_company(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.company_slug = values.pop("company", None) if values else None


def _add_company(endpoint: str, values: dict[str, Any]) -> None:
    if "company" in values or g.get("company_slug") is None:
        return
    if current_app.url_map.is_endpoint_expecting(endpoint, "company"):
        values["company"] = g.company_slug
