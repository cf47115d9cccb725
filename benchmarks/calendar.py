"""Measures the calendar of everybody's month for 300 and for 1,000 people, and a company's feed of 1,000.

`python -m benchmarks calendar` writes the rows; a trial with small numbers: `python -m benchmarks.calendar 40 60`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine
from werkzeug.test import Client

from benchmarks.floors import bare_app
from benchmarks.floors.calendars import add_calendars
from benchmarks.large_company import LargeCompany, make
from benchmarks.pages import Pair, Side, _compare, _portal, _signed_in
from portal.app import calm_the_collector
from portal.database_url import libpq
from portal.domain.calendar_spans import SpanKind
from portal.domain.feeds import FeedScope
from portal.models import Feed
from portal.services.sessions import hash_token
from portal.services.team_calendar import PER_PAGE
from tests.factories.companies import work

SIZES = (300, 1_000)
TEAM_SIZE = 20
#: Fewer than of a page: an answer is many times as long, and steadier.
REQUESTS = 60
TOKEN = "bench" * 8


@dataclass
class FeedSide(Side):
    """A program that fetches more often than one may: what is counted of it is put back, outside the clock."""

    put_back: Callable[[], object]

    def get(self) -> int:
        self.put_back()
        return super().get()


def measure(sizes: tuple[int, int] = SIZES, requests: int = REQUESTS) -> list[dict[str, Any]]:
    """Four rows for each calendar and for the feed: time, tail, statements, bytes."""
    rows: list[dict[str, Any]] = []
    with _portal(lambda staffroom: [_company(staffroom, people) for people in sizes]) as opened:
        app, database, companies = opened
        calm_the_collector()
        engine = create_engine(database.admin_url)
        for company, people in zip(companies, sizes, strict=True):
            bare = bare_app(database.admin_url, company.facts.id, company.roster_id, company.today)
            add_calendars(bare, engine, company.facts.id, company.today, PER_PAGE[SpanKind.MONTH])
            path = f"/c/{company.facts.slug}/calendar"
            page = Side(_signed_in(app, company), f"{path}?team=all", [])
            rows += _compare(_calendar(company, people), page, Side(Client(bare), "/calendar", []), requests)
            if people == sizes[-1]:
                with _resetting(database.admin_url) as put_back:
                    address = f"/c/{company.facts.slug}/feeds/{TOKEN}/calendar.ics"
                    feed = FeedSide(Client(app), address, [], put_back)
                    rows += _compare(_feed(company, people), feed, Side(Client(bare), "/feed", []), requests)
        engine.dispose()
    return rows


def _company(staffroom: Any, people: int) -> LargeCompany:
    """With a feed of everybody's absences for the person who looks."""
    company = make(staffroom, f"people-{people}", people, team_size=TEAM_SIZE)
    with work(staffroom, company.facts) as uow:
        uow.session.add(
            Feed(
                id=uuid4(),
                employee_id=company.employee_id,
                name="Everybody",
                scope=FeedScope.COMPANY,
                absences=True,
                shifts=False,
                holidays=False,
                busy_only=False,
                token_hash=hash_token(TOKEN),
            )
        )
        uow.settle()
    return company


def _calendar(company: LargeCompany, people: int) -> Pair:
    shown = min(people, PER_PAGE[SpanKind.MONTH])
    conditions = (
        f"this month of {shown} of {people} people by name, absences and the shifts of a team of {TEAM_SIZE};"
        " HR, answers not compressed; floor: bare view of the same rows, cells in Jinja"
    )
    return Pair(f"page.calendar.{people}", company, "/calendar?team=all", "/calendar", conditions)


def _feed(company: LargeCompany, people: int) -> Pair:
    conditions = (
        f"absences of {people} people as iCalendar, written anew each time; floor: the same rows as lines of"
        " text, one event a day"
    )
    return Pair(f"feed.company.{people}", company, "", "/feed", conditions)


@contextmanager
def _resetting(admin_url: str) -> Iterator[Callable[[], object]]:
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        yield lambda: connection.execute("UPDATE feed SET window_fetches = 0")


if __name__ == "__main__":
    asked = tuple(int(one) for one in sys.argv[1:3]) or SIZES
    for row in measure((asked[0], asked[-1]), requests=REQUESTS if asked == SIZES else 5):
        print(json.dumps(row))
