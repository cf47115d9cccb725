"""Planners at the same moment: one shift, one roster, one version (A6, T154, T157)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import event, func, select

from portal.app import create_app
from portal.db import Sessions, db
from portal.domain.clock import FrozenClock
from portal.domain.months import Month
from portal.domain.refusals import Refusal
from portal.models import OutboxMessage, PublishedShift, Roster, Shift
from portal.services import entitlements, roster_publishing, rosters, shifts
from portal.services.shifts import Cell
from tests.factories.companies import work
from tests.factories.rosters import draft, take_off, template_id
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import NOW, make_settings

RACERS = 6
MONDAY = date(2026, 6, 15)


class Planners:
    """A portal of its own on a database that commits, with a draft of Care."""

    def __init__(self, app) -> None:
        self.app, self.staffroom = app, app.extensions["staffroom"]
        with app.app_context():
            self.cast = make_cast(self.staffroom)
        self.eve = self.cast.eve.employee_id
        with self.at_work() as uow:
            self.roster_id = draft(uow, self.cast.teams["care"])

    @contextmanager
    def at_work(self):
        member = self.cast.pia
        with self.app.app_context(), work(self.staffroom, member.company, member.actor) as uow:
            yield uow

    def race(self, attempt, racers: int = RACERS) -> list[str]:
        """All at once, each held back before it writes; "done" or the reason for each."""
        start = Barrier(racers)

        def run(number: int) -> str:
            try:
                with self.at_work() as uow:
                    start.wait(20)
                    attempt(uow, number)
            except Refusal as refusal:
                return refusal.reason.value
            return "done"

        with ThreadPoolExecutor(racers) as pool:
            return sorted(future.result() for future in [pool.submit(run, one) for one in range(racers)])

    def count(self, model) -> int:
        with self.at_work() as uow:
            return int(uow.session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.fixture
def planners(fresh_database, tmp_path):
    Sessions.configure(bind=None)
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    planners = Planners(app)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _slow_writes, retval=True)
    yield planners
    with app.app_context():
        db.engine.dispose()


def _slow_writes(_connection, _cursor, statement, parameters, _context, _many):
    """A pause between reading and writing, in which a version without a lock goes wrong."""
    if statement.startswith(("INSERT INTO shift", "INSERT INTO published_shift", "INSERT INTO roster")):
        _cursor.connection.execute("SELECT pg_sleep(0.1)")
    return statement, parameters


def test_one_cell_filled_by_many_is_one_shift(planners):
    """T154, T157: the same key at the same moment."""
    cell = Cell(planners.eve, MONDAY)
    said = planners.race(lambda uow, _: shifts.fill(uow, planners.roster_id, cell, "E", seen=[]))
    assert said == ["done"] * RACERS
    assert planners.count(Shift) == 1


def test_different_wishes_for_one_cell_have_one_winner(planners):
    """T158: whoever comes second has not seen what is there now."""
    cell = Cell(planners.eve, MONDAY)
    codes = ["E", "L", "N"] * 2
    said = planners.race(
        lambda uow, number: shifts.fill(uow, planners.roster_id, cell, codes[number], seen=[])
    )
    assert planners.count(Shift) == 1
    assert said.count("done") == 2 and set(said) == {"done", "changed-meanwhile"}, (
        "both of one mind are content"
    )


def test_overlapping_shifts_of_one_person_have_one_winner(planners):
    """T154: E and L share half an hour."""

    def attempt(uow, number):
        shifts.add(uow, planners.roster_id, Cell(planners.eve, MONDAY), template_id(uow, "EL"[number % 2]))

    said = planners.race(attempt)
    assert said == ["done", *["shift-overlaps"] * (RACERS - 1)]
    assert planners.count(Shift) == 1


def test_an_approval_and_a_shift_never_pass_each_other(planners):
    """The shift waits for whoever holds the person's time, and then sees the day off."""

    def attempt(uow, number):
        if number == 0:
            entitlements.lock(uow, [planners.eve])
            uow.session.execute(select(func.pg_sleep(0.5)))
            take_off(uow, planners.eve, MONDAY)
        else:
            uow.session.execute(select(func.pg_sleep(0.2)))
            shifts.add(uow, planners.roster_id, Cell(planners.eve, MONDAY), template_id(uow, "E"))

    assert planners.race(attempt, racers=2) == ["done", "shift-on-absence"]
    assert planners.count(Shift) == 0


def test_a_month_begun_by_many_is_one_roster(planners):
    said = planners.race(lambda uow, _: rosters.create(uow, planners.cast.teams["care"], Month(2026, 7)))
    assert said == ["done"] * RACERS
    assert planners.count(Roster) == 2


def test_publishing_by_many_is_one_version(planners):
    """Two planners press at the same moment: one version, one letter."""
    with planners.at_work() as uow:
        shifts.fill(uow, planners.roster_id, Cell(planners.eve, MONDAY), "E", seen=[])
    with planners.at_work() as uow:
        seen = roster_publishing.preview(uow, planners.roster_id)
    said = planners.race(
        lambda uow, _: roster_publishing.publish(uow, planners.roster_id, version=0, seen=seen.seen)
    )
    assert said == ["changed-meanwhile"] * (RACERS - 1) + ["done"]
    with planners.at_work() as uow:
        assert rosters.get_roster(uow, planners.roster_id).version == 1
    assert (planners.count(PublishedShift), planners.count(OutboxMessage)) == (1, 1)
