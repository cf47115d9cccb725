"""Thousands of people at once, as rows: what a benchmark of the ledger needs, without the import's letters and log."""

from __future__ import annotations

from uuid import UUID

import psycopg

from portal.database_url import libpq

_EMPLOYEES = """
    INSERT INTO employee (company_id, id, email, first_name, last_name, employee_number)
    SELECT %(company)s, gen_random_uuid(), 'p' || n || '@bench.example', 'Jana' || n, 'Nováková', n::text
    FROM generate_series(1, %(people)s) AS n
"""
#: Every third works four days a week, and every tenth came in the middle of a year: not all of one case.
_EMPLOYMENTS = """
    INSERT INTO employment (company_id, id, employee_id, start_date, weekly_minutes, pattern)
    SELECT company_id, gen_random_uuid(), id,
        CASE WHEN n %% 10 = 0 THEN DATE '2024-07-01' ELSE DATE '2024-01-01' END,
        CASE WHEN n %% 3 = 0 THEN 1920 ELSE 2400 END,
        CASE WHEN n %% 3 = 0 THEN ARRAY[480, 480, 480, 480, 0, 0, 0] ELSE ARRAY[480, 480, 480, 480, 480, 0, 0] END
    FROM (SELECT company_id, id, employee_number::integer AS n FROM employee WHERE company_id = %(company)s) AS one
"""


def insert_people(admin_url: str, company_id: UUID, people: int) -> None:
    """By the superuser, whom row security does not bind; with statistics that fit the rows."""
    facts = {"company": company_id, "people": people}
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        connection.execute(_EMPLOYEES, facts)
        connection.execute(_EMPLOYMENTS, facts)
        connection.execute("ANALYZE")


def analyze(admin_url: str) -> None:
    """After many rows were written: the planner of a database that has run for a day knows them."""
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        connection.execute("ANALYZE")
