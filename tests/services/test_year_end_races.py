"""Years that are settled from two sides at once, each in a transaction of its own: one preview stays."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, select

from portal.db import db
from portal.domain.entitlement_plans import CarryOver, Milestone, Plan, SeniorityUnit
from portal.domain.year_ends import RunStatus
from portal.models import YearEndRun
from portal.services import entitlement_plans, year_ends
from tests.factories.absences import vacation
from tests.services.test_absence_races import track  # noqa: F401

PLAN = Plan(
    date(2027, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),), carry_over=CarryOver(5_000, (3, 31))
)


@pytest.fixture
def paused(track):  # noqa: F811
    """Each transaction sleeps before it writes its run: whoever looked without a lock has looked too early."""
    with track.app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def pause(connection, _cursor, statement, *_rest) -> None:
        if statement.startswith(("INSERT INTO year_end_run", "UPDATE year_end_run")):
            connection.connection.cursor().execute("SELECT pg_sleep(0.1)")


def test_previewed_by_many_at_once(track, paused):  # noqa: F811
    """The first previews of a year, and those that follow one: each later one takes the place of the earlier."""
    ana = track.cast.ana
    with track.by(ana) as uow:
        kind = vacation(uow).id
        entitlement_plans.change(uow, kind, PLAN)
    for _ in ("first", "again"):
        assert track.race(*[(ana, lambda uow: year_ends.preview(uow, kind, 2027))] * 3) == ["done"] * 3
        with track.by(ana) as uow:
            runs = list(uow.session.scalars(select(YearEndRun.status).where(YearEndRun.year == 2027)))
        assert runs.count(RunStatus.DRAFT) == 1
        assert set(runs) == {RunStatus.DRAFT, RunStatus.DROPPED}
