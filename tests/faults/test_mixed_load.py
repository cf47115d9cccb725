"""Everybody works on the same few rows for some seconds: nobody is stuck, nothing deadlocks, nothing is a fault."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import psycopg
from sqlalchemy import select

from portal.database_url import libpq
from portal.models import Absence, Role
from tests.factories.rosters import draft

SECONDS = 5
WORKERS = 6
#: Refusals are good answers here: somebody else was faster.
ANSWERS = {200, 303, 409, 422}
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
STUCK = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND (state LIKE 'idle in transaction%' OR wait_event_type = 'Lock')"
)


class Hands:
    """One of several who do what everybody does, in an order of their own."""

    def __init__(self, asking, number: int, tokens: dict[str, str], *, roster, role) -> None:
        self.asking, self.chance = asking, random.Random(number)
        self.roster, self.role = roster, role
        self.browsers = {name: asking.browser(token) for name, token in tokens.items()}
        for browser in self.browsers.values():
            browser.form_token()

    def work(self, end: float) -> Counter:
        seen: Counter = Counter()
        while time.monotonic() < end:
            step = self.chance.choice([self.ask, self.decide, self.decide, self.role_of_otto, self.plan])
            seen[step.__name__, step()] += 1
        return seen

    def ask(self) -> int:
        day = str(date(2026, 8, 3) + timedelta(days=self.chance.randrange(10)))
        form = self.asking.form | {"key": str(uuid4()), "start_date": day, "end_date": day}
        return self.browsers["eve"].send("/c/acme/absences", form).status_code

    def decide(self) -> int:
        with self.asking.app.app_context(), self.asking.work(self.asking.cast.ana) as uow:
            found = list(uow.session.execute(select(Absence.id, Absence.version)).all())
        if not found:
            return 200
        one = self.chance.choice(found)
        who, noun = self.chance.choice([("mats", "approval"), ("mats", "rejection"), ("eve", "withdrawal")])
        data = {"version": str(one.version), "note": ""}
        return self.browsers[who].send(f"/c/acme/absences/{one.id}/{noun}", data).status_code

    def role_of_otto(self) -> int:
        verb = self.chance.choice(["grant", "revocation"])
        path = f"/c/acme/people/{self.asking.cast.otto.employee_id}/roles/{self.role}/{verb}"
        return self.browsers["ana"].send(path).status_code

    def plan(self) -> int:
        cell = {
            "employee_id": str(self.asking.cast.eve.employee_id),
            "date": f"2026-06-{self.chance.randrange(15, 18)}",
            "code": self.chance.choice(["E", "L", "N", ""]),
            "seen": self.chance.choice(["", "E", "L", "N"]),
        }
        path = f"/c/acme/rosters/{self.roster}/cells"
        return self.browsers["pia"].send(path, cell, htmx=True).status_code


def test_mixed_work_on_the_same_rows_never_gets_stuck(asking, fresh_database):
    """T160, bounded: requests, decisions, roles and shifts crossing each other in every order."""
    cast, app = asking.cast, asking.app
    with app.app_context(), asking.work(cast.pia) as uow:
        roster = draft(uow, cast.teams["care"])
    with app.app_context(), asking.work(cast.ana) as uow:
        role = uow.session.scalars(select(Role.id).where(Role.key == "planner")).one()
    tokens = {name: asking.token(cast.people[name]) for name in ("ana", "mats", "eve", "pia")}
    all_hands = [Hands(asking, number, tokens, roster=roster, role=role) for number in range(WORKERS)]
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(WORKERS) as threads:
        results = list(threads.map(lambda one: one.work(end), all_hands, timeout=SECONDS + 60))
    seen = sum(results, Counter())
    assert {status for _, status in seen} <= ANSWERS, seen
    assert {step for step, status in seen if status < 400} == {"ask", "decide", "role_of_otto", "plan"}, seen
    with psycopg.connect(libpq(fresh_database.admin_url)) as admin:
        assert admin.execute(DEADLOCKS).fetchone() == (0,)
        assert admin.execute(STUCK).fetchone() == (0,)
