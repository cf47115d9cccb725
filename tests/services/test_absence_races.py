"""Many at once, each in a transaction of its own on a real database: one winner, and the balance holds.

Each writer is held back by a pause between reading and writing, so that a version without the lock surely fails.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from portal.app import create_app
from portal.db import Sessions, UnitOfWork, db
from portal.domain.absences import AbsenceStatus
from portal.domain.clock import FrozenClock
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsencePart, LedgerEntry
from portal.services import absence_replacements, absences, entitlements
from tests.factories.absences import AFTERNOON, MORNING, ask, grant, vacation, wish
from tests.factories.companies import work
from tests.factories.staffing import make_rule
from tests.fixtures.cast import Member, make_cast
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings

RACERS = 6


class Track:
    """A portal of its own on a database that commits."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.staffroom = app.extensions["staffroom"]
        with app.app_context():
            self.cast = make_cast(self.staffroom)
        with self.by(self.cast.ana) as uow:
            grant(uow, self.cast.eve.employee_id)

    @contextmanager
    def by(self, member: Member):
        with self.app.app_context(), work(self.staffroom, member.company, member.actor) as uow:
            yield uow

    def race(self, *attempts: tuple[Member, Callable[[UnitOfWork], object]]) -> list[str]:
        """Runs all attempts at once; says for each "done" or why not."""
        start = Barrier(len(attempts))

        def run(member: Member, attempt: Callable[[UnitOfWork], object]) -> str:
            try:
                with self.by(member) as uow:
                    start.wait(10)
                    attempt(uow)
            except Refusal as refusal:
                return refusal.reason.value
            except IntegrityError as error:
                return str(getattr(error.orig, "sqlstate", "?"))
            return "done"

        with ThreadPoolExecutor(len(attempts)) as pool:
            return sorted(future.result() for future in [pool.submit(run, *one) for one in attempts])

    def count(self, query) -> int:
        with self.by(self.cast.ana) as uow:
            return int(uow.session.scalar(query) or 0)


@pytest.fixture
def track(fresh_database: Database, tmp_path):
    Sessions.configure(bind=None)
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    yield Track(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def paused(track):
    """Each transaction sleeps before it writes: whoever read without a lock has read too early."""
    with track.app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def pause(connection, _cursor, statement, *_rest) -> None:
        if statement.startswith(("INSERT INTO absence ", "INSERT INTO ledger_entry", "UPDATE absence ")):
            connection.connection.cursor().execute("SELECT pg_sleep(0.05)")


def status_of(track: Track, absence_id: UUID) -> AbsenceStatus:
    with track.by(track.cast.ana) as uow:
        return uow.session.scalars(select(Absence.status).where(Absence.id == absence_id)).one()


def test_requests_that_together_exceed_the_balance(track, paused):
    """T153: five days are left and six people ask for three in Eve's name at once: one gets them."""
    eve = track.cast.eve
    with track.by(track.cast.ana) as uow:
        entitlements.adjust(
            uow,
            uuid4(),
            eve.employee_id,
            absence_type_id=vacation(uow).id,
            year=2026,
            amount=-20_000,
            reason="Five are left",
        )
    weeks = [date(2026, 8, 3 + 7 * number) for number in range(4)] + [date(2026, 9, 7), date(2026, 10, 5)]
    outcome = track.race(
        *[(eve, lambda uow, day=day: ask(uow, day, day.replace(day=day.day + 2))) for day in weeks]
    )
    assert outcome == [Reason.BALANCE_TOO_LOW.value] * (RACERS - 1) + ["done"]
    assert track.count(select(func.sum(AbsencePart.charge))) == 3000


def test_requests_for_the_same_time(track, paused):
    """T154: of many requests for one day one is written, and every other is refused with a sentence."""
    outcome = track.race(*[(track.cast.eve, lambda uow: ask(uow, date(2026, 8, 3)))] * RACERS)
    assert outcome == [Reason.ABSENCE_OVERLAPS.value] * (RACERS - 1) + ["done"]


def test_a_morning_and_an_afternoon_at_once(track, paused):
    """T154: halves that touch are both written."""
    outcome = track.race(
        (track.cast.eve, lambda uow: ask(uow, date(2026, 8, 3), first_part=MORNING)),
        (track.cast.eve, lambda uow: ask(uow, date(2026, 8, 3), first_part=AFTERNOON)),
    )
    assert outcome == ["done", "done"]


def test_the_same_form_many_times(track, paused):
    """T157: an impatient finger makes one row, and every press is answered as if it were the first."""
    form = uuid4()
    outcome = track.race(
        *[(track.cast.eve, lambda uow: ask(uow, date(2026, 8, 3), absence_id=form))] * RACERS
    )
    assert outcome == ["done"] * RACERS
    assert track.count(select(func.count()).select_from(Absence)) == 1


def test_managers_approve_and_reject_at_once(track, paused):
    """T151: one decision counts, the ledger holds it once."""
    cast = track.cast
    with track.by(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
    attempts = [
        (cast.mats if number % 2 else cast.ana, lambda uow, verb=verb: verb(uow, absence_id, version=1))
        for number, verb in enumerate([absences.approve, absences.reject] * 3)
    ]
    outcome = track.race(*attempts)
    assert outcome == [Reason.ALREADY_DECIDED.value] * (RACERS - 1) + ["done"]
    posted = track.count(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.absence_id == absence_id)
    )
    assert posted == (1 if status_of(track, absence_id) is AbsenceStatus.APPROVED else 0)


def test_approved_and_withdrawn_at_once(track, paused):
    """T152: one final state; a withdrawn request leaves nothing in the ledger."""
    cast = track.cast
    with track.by(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
    outcome = track.race(
        (cast.mats, lambda uow: absences.approve(uow, absence_id, version=1)),
        (cast.eve, lambda uow: absences.withdraw(uow, absence_id, version=1)),
    )
    assert outcome == [Reason.ALREADY_DECIDED.value, "done"]
    held = track.count(select(func.sum(LedgerEntry.amount)).where(LedgerEntry.absence_id == absence_id))
    live = track.count(select(func.count()).select_from(AbsencePart).where(AbsencePart.live))
    assert (held, live) == ((-1000, 1) if status_of(track, absence_id) is AbsenceStatus.APPROVED else (0, 0))


def test_a_cancellation_pressed_twice_gives_back_once(track, paused):
    """T151: what was consumed is released exactly once."""
    cast = track.cast
    with track.by(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
    with track.by(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    outcome = track.race(*[(cast.eve, lambda uow: absences.cancel(uow, absence_id, version=2))] * RACERS)
    assert outcome == [Reason.ALREADY_DECIDED.value] * (RACERS - 1) + ["done"]
    assert track.count(select(func.sum(LedgerEntry.amount)).where(LedgerEntry.absence_id == absence_id)) == 0


def test_a_year_granted_from_many_sides(track, paused):
    """T157: the import, HR and the operator at once grant everybody once."""
    outcome = track.race(
        *[(track.cast.ana, lambda uow: entitlements.grant_year_for_all(uow, 2027)) for _ in range(RACERS)]
    )
    assert outcome == ["done"] * RACERS
    granted = track.count(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.origin_year == 2027)
    )
    assert granted == 5


def test_the_database_refuses_an_overlap_that_passed_every_check(track):
    """T154: even code that forgets to look cannot book one minute twice; parts that touch are fine."""
    eve = track.cast.eve
    with track.by(eve) as uow:
        absence = ask(uow, date(2026, 8, 3), first_part=MORNING)

    def book(starts: str, ends: str, first: str = "2026-08-03", last: str = "2026-08-03") -> str:
        with track.by(eve) as uow:
            try:
                uow.session.execute(
                    text(
                        "INSERT INTO absence_part (company_id, id, absence_id, employee_id, date, part, during, charge)"
                        " VALUES (:company, gen_random_uuid(), :absence, :employee, CAST(:first AS date), 'from-to',"
                        " tsrange(CAST(:starts AS timestamp), CAST(:ends AS timestamp)), 0)"
                    ),
                    {
                        "company": eve.company.id,
                        "absence": absence.id,
                        "employee": eve.employee_id,
                        "first": first,
                        "starts": f"{first} {starts}",
                        "ends": f"{last} {ends}",
                    },
                )
            except IntegrityError as error:
                uow.session.rollback()
                return str(getattr(error.orig, "sqlstate", "?"))
        return "booked"

    assert book("11:59", "13:00") == "23P01"
    assert book("12:00", "13:00") == "booked"
    # Up to midnight and from midnight on touch; a minute more does not.
    assert book("22:00", "00:00", "2026-08-04", "2026-08-05") == "booked"
    assert book("00:00", "02:00", "2026-08-05", "2026-08-05") == "booked"
    assert book("01:59", "03:00", "2026-08-05", "2026-08-05") == "23P01"
    # Both nights of the clock change: parts are times of the wall, so an hour doubled or missing moves none.
    for night in ("2026-10-25", "2026-03-29"):
        assert book("01:00", "02:00", night, night) == "booked"
        assert book("02:00", "03:00", night, night) == "booked"
        assert book("03:00", "04:00", night, night) == "booked"
        assert book("02:59", "03:30", night, night) == "23P01"


def test_approvals_that_break_a_rule_of_staffing_together(track, paused):
    """T151: at most one of the team may be away. Two managers approve two people for the same day: one gets it."""
    cast = track.cast
    with track.by(cast.ana) as uow:
        grant(uow, cast.pia.employee_id)
        make_rule(uow, amount=1, team_id=cast.teams["care"])
    asked = {}
    for who in (cast.eve, cast.pia):
        with track.by(who) as uow:
            asked[who] = ask(uow, date(2026, 8, 3)).id
    outcome = track.race(
        *(
            (decider, lambda uow, one=asked[who]: absences.approve(uow, one, version=1))
            for decider, who in ((cast.mats, cast.eve), (cast.ana, cast.pia))
        )
    )
    # HR may go past a block, but not without having seen it.
    assert outcome in (
        ["done", Reason.STAFFING_BLOCKED.value],
        ["done", Reason.STAFFING_NOT_SEEN.value],
    )
    approved = select(func.count()).select_from(Absence).where(Absence.status == AbsenceStatus.APPROVED)
    assert track.count(approved) == 1


def approved_week(track) -> UUID:
    with track.by(track.cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3), date(2026, 8, 7)).id
    with track.by(track.cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def moved(absence_id: UUID) -> Callable[[UnitOfWork], Absence]:
    def attempt(uow: UnitOfWork) -> Absence:
        later = wish(uow, date(2026, 8, 10), date(2026, 8, 17))
        return absence_replacements.ask(uow, uuid4(), absence_id, later, version=2)

    return attempt


def test_of_many_changes_of_one_absence_one_waits(track, paused):
    """T152: six changes of the same approved week at once."""
    week, eve = approved_week(track), track.cast.eve
    results = track.race(*[(eve, moved(week))] * RACERS)
    assert results == [Reason.CHANGE_WAITS.value] * (RACERS - 1) + ["done"]


def test_a_change_and_its_absence_never_count_both_nor_neither(track, paused):
    """T152, T153: the change is approved while the owner cancels the old time off, and others read the balance."""
    week, eve = approved_week(track), track.cast.eve
    with track.by(eve) as uow:
        change = moved(week)(uow).id
    seen: list[int] = []

    def read(uow: UnitOfWork) -> None:
        for _ in range(20):
            taken = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.absence_id.in_([week, change]))
            seen.append(int(uow.session.scalars(taken).one()))

    results = track.race(
        (track.cast.mats, lambda uow: absences.approve(uow, change, version=1)),
        (eve, lambda uow: absences.cancel(uow, week, version=2)),
        (track.cast.ana, read),
        (track.cast.ana, read),
    )
    assert results.count("done") == 3  # both readers and one of the two
    won = status_of(track, change) is AbsenceStatus.APPROVED
    assert set(seen) <= ({-5000, -6000} if won else {-5000, 0})
    live = select(func.coalesce(func.sum(AbsencePart.charge), 0)).where(AbsencePart.live)
    held = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.absence_id.in_([week, change]))
    assert track.count(live) == -track.count(held) == (6000 if won else 0)
    assert status_of(track, week) is AbsenceStatus.CANCELLED
