"""Measures balances of 10,000 people as of a day, a month given to them, and the year-end preview of 5,000.

`python -m benchmarks ledger` writes the rows. All of it runs in one transaction that is rolled back. The floor is the
same sum as one bare statement on the same connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, text

from benchmarks.people_import import _portal, sample_file
from portal.db import UnitOfWork, open_session
from portal.domain.clock import FrozenClock
from portal.domain.entitlement_plans import CarryOver, Frequency, Milestone, Plan, SeniorityUnit
from portal.models import AbsenceType, Employee
from portal.services import accruals, entitlement_plans, ledger_as_of, people_import, year_ends
from tests.factories.companies import OPERATOR, REQUEST

PEOPLE = 10_000
PREVIEWED = 5_000
RUNS = 3
_AS_OF = text(
    "SELECT employee_id, absence_type_id, sum(amount) FROM ledger_entry WHERE company_id = :company"
    " AND effective_date <= :day AND :day BETWEEN usable_from AND usable_through"
    " GROUP BY employee_id, absence_type_id"
)
_RESTS = text(
    "SELECT employee_id, usable_from, usable_through, sum(amount) FROM ledger_entry WHERE company_id = :company"
    " AND usable_through = :day AND employee_id = ANY(:people)"
    " GROUP BY employee_id, usable_from, usable_through"
)


def measure() -> list[dict[str, Any]]:
    """Three rows; figures are the best of some runs, but the posting runs once."""
    with _portal() as (staffroom, company, _admin_url), open_session(company_id=company.id) as session:
        uow = UnitOfWork(session, company, OPERATOR, staffroom.clock, REQUEST, "bench", staffroom.outside)
        people_import.carry_out(uow, sample_file(PEOPLE))
        session.flush()
        kind = session.scalars(select(AbsenceType.id)).one()
        year = uow.today().year + 1
        everybody = sorted(session.scalars(select(Employee.id)))
        milestones = (Milestone(0, SeniorityUnit.DAYS, 25_000),)
        first = date(year, 1, 1)
        plan = Plan(first, milestones, Frequency.MONTHLY, carry_over=CarryOver(5_000, (3, 31)))
        entitlement_plans.change(uow, kind, plan)
        session.flush()
        uow.clock = FrozenClock(uow.clock.now().replace(year=year, month=6, day=15))
        posted, took = 0, time.perf_counter()
        posted = accruals.post(uow)
        took = time.perf_counter() - took
        day, last = uow.today(), date(year, 12, 31)
        chosen = everybody[:PREVIEWED]
        facts = {"company": company.id, "day": day, "people": chosen}
        balance = _best(lambda: ledger_as_of.held_on(uow, day))
        bare = _best(lambda: session.connection().execute(_AS_OF, facts).all())
        preview = _best(lambda: year_ends.settlements(uow, kind, plan, year, chosen))
        rests = _best(lambda: session.connection().execute(_RESTS, {**facts, "day": last}).all())
        session.rollback()
    condition = f"{PEOPLE} people with {posted} rows of a monthly plan; best of {RUNS}"
    return [
        _row(f"ledger.as-of.{PEOPLE}", balance, bare, f"{condition}; floor: the same sum as one statement"),
        _row(
            f"ledger.year-end.{PREVIEWED}",
            preview,
            rests,
            f"{PREVIEWED} of {condition}; settled person by person; floor: the sums alone as one statement",
        ),
        _row(
            f"ledger.accrue.{PEOPLE}",
            took,
            bare,
            f"{posted} rows worked out, checked against the ledger and inserted, once; floor: reading their sums",
        ),
    ]


def _best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _row(name: str, value: float, floor: float, conditions: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "s",
        "floor": round(floor, 3),
        "ratio": round(value / floor, 2),
        "conditions": conditions,
    }
