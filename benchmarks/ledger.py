"""Measures balances of 10,000 people as of a day, a month given to them, and the year-end preview of 5,000.

`python -m benchmarks ledger` writes the rows, `python -m benchmarks.ledger 200 100` tries it with few. People are
inserted as rows, because the import is measured elsewhere. The floor is the same sum as one bare statement on the same
connection.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, text

from benchmarks.many_people import analyze, insert_people
from benchmarks.people_import import _portal
from portal.db import UnitOfWork, open_session
from portal.domain.clock import FrozenClock
from portal.domain.entitlement_plans import CarryOver, Frequency, Milestone, Plan, SeniorityUnit
from portal.models import AbsenceType, Employee
from portal.services import accruals, entitlement_plans, ledger_as_of, year_ends
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


def measure(people: int = PEOPLE, previewed: int = PREVIEWED) -> list[dict[str, Any]]:
    """Three rows; figures are the best of some runs, but the posting runs once."""
    with _portal() as (staffroom, company, admin_url):
        insert_people(admin_url, company.id, people)
        with open_session(company_id=company.id) as session:
            uow = UnitOfWork(session, company, OPERATOR, staffroom.clock, REQUEST, "bench", staffroom.outside)
            kind = session.scalars(select(AbsenceType.id)).one()
            year = uow.today().year + 1
            everybody = sorted(session.scalars(select(Employee.id)))
            milestones = (Milestone(0, SeniorityUnit.DAYS, 25_000),)
            first = date(year, 1, 1)
            plan = Plan(first, milestones, Frequency.MONTHLY, carry_over=CarryOver(5_000, (3, 31)))
            entitlement_plans.change(uow, kind, plan)
            session.flush()
            uow.clock = FrozenClock(uow.clock.now().replace(year=year, month=6, day=15))
            took = time.perf_counter()
            posted = accruals.post(uow)
            took = time.perf_counter() - took
            uow.commit()
        analyze(admin_url)
        with open_session(company_id=company.id) as session:
            uow = UnitOfWork(session, company, OPERATOR, uow.clock, REQUEST, "bench", staffroom.outside)
            day, last = uow.today(), date(year, 12, 31)
            chosen = everybody[:previewed]
            facts = {"company": company.id, "day": day, "people": chosen}
            balance = _best(lambda: ledger_as_of.held_on(uow, day))
            bare = _best(lambda: session.connection().execute(_AS_OF, facts).all())
            preview = _best(lambda: year_ends.settlements(uow, kind, plan, year, chosen))
            rests = _best(lambda: session.connection().execute(_RESTS, {**facts, "day": last}).all())
            session.rollback()
    condition = f"{people} people with {posted} rows of a monthly plan; best of {RUNS}"
    return [
        _row(f"ledger.as-of.{people}", balance, bare, f"{condition}; floor: the same sum as one statement"),
        _row(
            f"ledger.year-end.{previewed}",
            preview,
            rests,
            f"{previewed} of {condition}; settled person by person; floor: the sums alone as one statement",
        ),
        _row(
            f"ledger.accrue.{people}",
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


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:3]]
    for row in measure(*asked):
        print(json.dumps(row))
