"""Measures the import of 5,000 people against the bare insert of the same rows into the same tables.

`python -m benchmarks.people_import` prints the row. Both run in one transaction each, which is rolled back.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import select

from portal.app import create_app
from portal.database_url import libpq
from portal.db import UnitOfWork, open_session
from portal.domain.people_import import plan_import
from portal.models import Employee
from portal.services import people_import
from tests.factories.companies import OPERATOR, REQUEST, make_company
from tests.fixtures.database import _server
from tests.fixtures.database_server import DatabaseServer
from tests.fixtures.portal import make_settings

PEOPLE = 5_000
RUNS = 3
_HEAD = (
    "email,first_name,last_name,employee_number,job_title,team,site,line_manager_email,"
    "start_date,weekly_hours,phone"
)


def measure() -> list[dict[str, Any]]:
    """One row: the best of some runs, in turn with their floor."""
    data = sample_file(PEOPLE)
    seconds: list[float] = []
    floors: list[float] = []
    with _portal() as (staffroom, company, admin_url):
        for _ in range(RUNS):
            seconds.append(_import_once(staffroom, company, data))
            floors.append(_insert_once(admin_url, company, data))
    value, floor = min(seconds), min(floors)
    return [
        {
            "name": f"import.people.{PEOPLE}",
            "value": round(value, 3),
            "unit": "s",
            "floor": round(floor, 3),
            "ratio": round(value / floor, 2),
            "conditions": f"{PEOPLE} new people with team, site, manager and phone; reading, checks, sealing, audit"
            f" and commit included; best of {RUNS}; floor: executemany of the same rows",
        }
    ]


def sample_file(people: int) -> bytes:
    """A company of teams of 20, each led by its first person, who are led by the very first."""
    lines = [_HEAD]
    for number in range(people):
        leader = number - number % 20
        manager = "" if number == 0 else f"p{leader if number % 20 else 0}@bench.example"
        lines.append(
            f"p{number}@bench.example,Jana{number},Nováková,{number},Nurse,Team {number // 20},Site {number // 500},"
            f"{manager},2024-01-01,37.5,+420601{number:06d}"
        )
    return "\n".join(lines).encode()


def _import_once(staffroom: Any, company: Any, data: bytes) -> float:
    with open_session(company_id=company.id) as session:
        uow = UnitOfWork(session, company, OPERATOR, staffroom.clock, REQUEST, "bench", staffroom.outside)
        start = time.perf_counter()
        outcome = people_import.carry_out(uow, data)
        session.flush()
        for step in uow.before_commit:
            step(uow)
        took = time.perf_counter() - start
        assert len(outcome.new) == PEOPLE
        session.rollback()
    return took


def _insert_once(admin_url: str, company: Any, data: bytes) -> float:
    rows = [(company.id, uuid4(), row) for row in plan_import(data).rows]
    with psycopg.connect(libpq(admin_url)) as connection, connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.executemany(
            "INSERT INTO employee (company_id, id, email, first_name, last_name, employee_number, job_title)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    company_id,
                    one,
                    row.email,
                    row.first_name,
                    row.last_name,
                    row.employee_number,
                    row.job_title,
                )
                for company_id, one, row in rows
            ],
        )
        cursor.executemany(
            "INSERT INTO employment (company_id, id, employee_id, start_date, weekly_minutes, pattern)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (company_id, uuid4(), one, row.start_date, row.weekly_minutes, [450] * 5 + [0, 0])
                for company_id, one, row in rows
            ],
        )
        took = time.perf_counter() - start
        connection.rollback()
    return took


@contextmanager
def _portal() -> Iterator[tuple[Any, Any, str]]:
    with ExitStack() as stack:
        databases = DatabaseServer(stack.enter_context(_server()))
        databases.prepare_template()
        database = databases.clone("benchmark")
        app = create_app(make_settings(database, Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        stack.enter_context(app.app_context())
        staffroom = app.extensions["staffroom"]
        company = make_company(staffroom, "bench", "Bench")
        with open_session(company_id=company.id) as session:
            assert session.scalars(select(Employee)).first() is None
        yield staffroom, company, database.admin_url


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row))
