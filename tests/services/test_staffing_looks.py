"""Whatever changes how a day is staffed has the rules looked at with the commit, and not only the night after."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from portal.services import absences, employments, memberships, people
from portal.services.absence_wishes import Wish
from portal.services.sickness import changing, reporting
from portal.services.staffing import notice
from tests.factories.absences import ask, grant, sickness_type

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)


def asked(uow) -> bool:
    uow.session.flush()
    return any(job["task"] == notice.LOOK_TASK for job in uow.session.info.get("jobs", ()))


@pytest.fixture
def approved(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY, TUESDAY)
        assert not asked(uow)  # what only waits breaks nothing
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
        assert asked(uow)
    return absence.id


def test_time_off_that_is_given_up(as_, cast, approved):
    with as_(cast.eve) as uow:
        absences.give_back(uow, approved, {TUESDAY}, version=2)
        assert asked(uow)
    with as_(cast.eve) as uow:
        absences.cancel(uow, approved, version=3)
        assert asked(uow)


def test_sickness_reported_and_taken_back(as_, cast):
    with as_(cast.ana) as uow:
        kind = sickness_type(uow)
    with as_(cast.eve) as uow:
        absence = reporting.report(uow, uuid4(), Wish(kind, MONDAY, TUESDAY)).absence
        assert asked(uow)
    with as_(cast.eve) as uow:
        changing.undo(uow, absence.id, version=absence.version)
        assert asked(uow)


def test_people_who_move_and_leave_and_come_back(as_, cast):
    eve = cast.eve.employee_id
    with as_(cast.ana) as uow:
        memberships.set_teams(uow, eve, [cast.teams["care"]], uow.today())
        assert not asked(uow)  # where they were already
        memberships.set_teams(uow, eve, [cast.teams["kitchen"]], uow.today())
        assert asked(uow)
    with as_(cast.ana) as uow:
        employments.end_after(uow, eve, MONDAY)
        assert asked(uow)
    with as_(cast.ana) as uow:
        people.deactivate(uow, eve)
        assert asked(uow)
    with as_(cast.ana) as uow:
        people.reactivate(uow, eve)
        assert asked(uow)
