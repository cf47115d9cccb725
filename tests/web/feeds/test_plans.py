"""Planned days stand in the planner's own feed, tentative, and in nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from portal.services.planned_absences import keeping
from portal.services.planned_absences.keeping import Planned
from tests.factories.absences import grant, vacation

LINE = "Vacation (planned)"


@pytest.fixture
def planned(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        days = Planned(vacation(uow).id, date(2026, 8, 3), date(2026, 8, 7), note="Wedding")
        return keeping.plan(uow, uuid4(), days).id


def test_they_are_tentative_block_nothing_and_say_nothing_of_why(subscribe, fetch, cast, planned):
    event = fetch(subscribe(cast.eve))[LINE]
    assert (event["start"], event["end"]) == ("2026-08-03", "2026-08-08")
    assert (event["status"], event["transp"], event["sequence"]) == ("TENTATIVE", "TRANSPARENT", 0)
    assert "Wedding" not in str(event)


def test_a_plan_that_becomes_a_request_is_cancelled_and_gone_after_a_month(
    as_, cast, clock, subscribe, fetch, planned
):
    path = subscribe(cast.eve)
    uid = fetch(path)[LINE]["uid"]
    with as_(cast.eve) as uow:
        keeping.ask_for(uow, planned, version=1)
    events = fetch(path)
    assert (events[LINE]["uid"], events[LINE]["status"]) == (uid, "CANCELLED")
    assert events[LINE]["sequence"] > 0
    assert events["Vacation (requested)"]["status"] == "TENTATIVE"
    clock.advance(timedelta(days=32))
    assert LINE not in fetch(path)


def test_nobody_elses_feed_has_them_and_no_feed_of_busy_times(client, cast, subscribe, fetch, planned):
    for path in (
        subscribe(cast.mats, cast.teams["care"]),
        subscribe(cast.ana, "company", "absences"),
        subscribe(cast.mats),
        subscribe(cast.eve, "own", "absences", "busy_only"),
    ):
        assert "lanned" not in client.get(path).text
