"""Measures signed-in pages of a company of 300 people against bare views of the same rows, in turn, in one process.

Requests go straight into the WSGI apps, so neither side pays for sockets. `python -m benchmarks.pages` prints rows.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import Client, TestResponse

from benchmarks.floors import bare_app
from benchmarks.large_company import LargeCompany, make
from portal.app import calm_the_collector, create_app
from portal.config import Mode
from portal.database_url import libpq
from portal.db import db
from portal.services.absence_approvals import PAGE_SIZE
from portal.web.session_cookies import SESSION_COOKIE
from tests.fixtures.database import _server
from tests.fixtures.database_server import Database, DatabaseServer
from tests.fixtures.portal import make_settings

PEOPLE = 300
TEAM_SIZE = 20
WARM_UP, REQUESTS = 12, 200


@dataclass(frozen=True)
class Pair:
    """A page, the bare view it is measured against, and what to know about both."""

    name: str
    company: LargeCompany
    path: str
    floor: str
    conditions: str


@dataclass
class Side:
    """One app of the two with a browser of its own."""

    client: Client
    path: str
    milliseconds: list[float]

    def get(self) -> int:
        """Requests the page once and remembers how long it took; the length of the answer in bytes."""
        start = time.perf_counter()
        answer = self.ask()
        body = answer.data
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, f"{self.path}: {answer.status}"
        return len(body)

    def ask(self) -> TestResponse:
        return self.client.get(self.path)


def measure() -> list[dict[str, Any]]:
    """Four rows per page: time, tail, statements, bytes."""
    rows: list[dict[str, Any]] = []
    with _portal(_companies) as (app, database, companies):
        pairs = list(_pairs(*companies))
        bare = {
            one.facts.id: bare_app(database.admin_url, one.facts.id, one.roster_id, one.today)
            for one in companies
        }
        calm_the_collector()  # as the portal does at its start; here it holds for both sides
        for pair in pairs:
            company = pair.company
            page = Side(_signed_in(app, company), f"/c/{company.facts.slug}{pair.path}", [])
            floor = Side(Client(bare[company.facts.id]), pair.floor, [])
            rows += _compare(pair, page, floor)
    return rows


def _pairs(teams: LargeCompany, one_team: LargeCompany) -> Iterator[Pair]:
    who = f"HR of a company of {PEOPLE}; answers not compressed; floor: bare view of the same rows"
    yield Pair(
        "page.absences.index.300",
        teams,
        "/absences/approvals",
        "/approvals",
        f"approvals: the {PAGE_SIZE} oldest of {PEOPLE} waiting requests, with balances and who else of a team of"
        f" {TEAM_SIZE} is away; {who}",
    )
    yield Pair(
        "page.roster.grid.300x31",
        one_team,
        f"/rosters/{one_team.roster_id}/",
        "/grid",
        f"this month of {PEOPLE} people in one grid, shifts and absences; {who}, cells in Jinja",
    )
    yield Pair("page.people.index.300", teams, "/people", "/people", f"directory, 100 people a page; {who}")


def _compare(pair: Pair, page: Side, floor: Side, requests: int = REQUESTS) -> list[dict[str, Any]]:
    for _ in range(WARM_UP):
        page.get(), floor.get()
    statements = [_statements(side) for side in (page, floor)]
    sizes = [side.get() for side in (page, floor)]
    for side in (page, floor):
        side.milliseconds.clear()
    for _ in range(requests):
        page.get()
        floor.get()
    times = [_percentile(side.milliseconds, 95) for side in (page, floor)]
    tails = [
        _percentile(side.milliseconds, 99) / _percentile(side.milliseconds, 50) for side in (page, floor)
    ]
    conditions = f"{pair.conditions}; {requests} requests each in turn, after {WARM_UP} to warm up"
    return [
        _row(pair.name, "ms (p95)", times, conditions),
        _row(f"{pair.name}.p99_p50", "ratio", tails, conditions),
        _row(f"{pair.name}.statements", "statements", statements, conditions),
        _row(f"{pair.name}.bytes", "bytes", sizes, conditions),
    ]


def _row(name: str, unit: str, values: list[float] | list[int], conditions: str) -> dict[str, Any]:
    value, floor = values
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "floor": round(floor, 2),
        "ratio": round(value / floor, 2),
        "conditions": conditions,
    }


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def _statements(side: Side) -> int:
    """Whatever goes to the database during one request, wherever the engine is."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE SAVEPOINT")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        side.get()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def _signed_in(app: Flask, company: LargeCompany) -> Client:
    client = Client(app)
    client.set_cookie(SESSION_COOKIE, company.token, domain="localhost", secure=True, httponly=True)
    return client


def _companies(staffroom: Any) -> list[LargeCompany]:
    return [
        make(staffroom, "teams", PEOPLE, team_size=TEAM_SIZE),
        make(staffroom, "one-team", PEOPLE, team_size=PEOPLE),
    ]


@contextmanager
def _portal(
    found: Callable[[Any], list[LargeCompany]],
) -> Iterator[tuple[Flask, Database, list[LargeCompany]]]:
    """The portal on a PostgreSQL of its own, with statistics that fit the rows."""
    with ExitStack() as stack:
        databases = DatabaseServer(stack.enter_context(_server()))
        databases.prepare_template()
        database = databases.clone("benchmark")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app = create_app(make_settings(database, folder, mode=Mode.DEMO))
        staffroom = app.extensions["staffroom"]
        with app.app_context():
            companies = found(staffroom)
        with psycopg.connect(libpq(database.admin_url), autocommit=True) as connection:
            connection.execute("ANALYZE")
        stack.callback(_dispose, app)
        yield app, database, companies


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row))
