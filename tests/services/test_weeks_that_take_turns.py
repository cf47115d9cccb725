"""Whoever asks what somebody works on a date hears of weeks that take turns: counting who is there is one of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Metric
from portal.domain.working_patterns import WorkingPattern
from portal.models import Employment
from portal.services import reports
from tests.factories.absences import ask, grant
from tests.factories.staffing import make_rule

#: Thursdays are worked every other week.
EVEN, ODD = (480, 480, 480, 480, 480, 0, 0), (480, 480, 240, 0, 0, 0, 0)
MONDAY = date(2026, 8, 3)
WORKED, FREE = MONDAY + timedelta(days=3), MONDAY + timedelta(days=10)


@pytest.fixture
def turns(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
        for row in uow.session.scalars(
            select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        ):
            row.working_pattern = WorkingPattern(EVEN, (ODD,), MONDAY)


def test_staffing_counts_whose_week_it_is(as_, cast, turns):
    """Three are in Care, and two must be there: without Eve nobody can be spared."""
    with as_(cast.ana) as uow:
        make_rule(uow, team_id=cast.teams["care"], metric=Metric.LEAST_PRESENT, amount=2)
    with as_(cast.mats) as uow:
        assert ask(uow, WORKED).charge == 1_000
    with as_(cast.mats) as uow, pytest.raises(Refusal) as refused:
        ask(uow, FREE)
    assert refused.value.reason is Reason.STAFFING_BLOCKED


def test_a_day_of_the_report_is_the_average_of_days_worked(as_, cast, turns):
    """Eight days of 60 hours: seven and a half each."""
    with as_(cast.ana) as uow:
        lines = reports.balances_at(uow, uow.today())
        assert {one.day_minutes for one in lines if one.id == cast.eve.employee_id} == {450}
