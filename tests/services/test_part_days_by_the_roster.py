"""Parts of days of people who work by the roster cost the work of the shift that lies in them, wherever they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.holidays import HolidayPart
from portal.domain.periods import DayPart, Part
from portal.domain.staffing import Effect
from portal.models import Absence, AuditEvent, Employment, LedgerEntry, ReleasedShift, Site, Team
from portal.services import (
    absence_requests,
    absence_types,
    absences,
    employments,
    holidays,
    roster_publishing,
    terms_preview,
    wish_outlook,
)
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.group_entries import people, planning
from portal.services.group_entries.people import Chosen
from portal.services.group_entries.planning import GroupWish
from portal.services.holiday_days import OwnDay
from portal.services.planned_absences import keeping, reckoning
from portal.services.planned_absences.keeping import Planned
from tests.factories.absences import grant
from tests.factories.rosters import draft, make_template, plan, publish, take_off
from tests.factories.staffing import make_rule

#: Monday to Friday in June, which nobody has off.
MONDAY = date(2026, 6, 22)
DAYS = [MONDAY + timedelta(days=day) for day in range(5)]
TUESDAY = DAYS[1]


@pytest.fixture
def kind(as_, cast):
    """Eve works by the roster, 40 hours a week, and has 60 hours to take off by the minute."""
    with as_(cast.ana) as uow:
        rules = TypeRules(yearly_entitlement=3_600, unit=Unit.HOUR)
        made = absence_types.create(
            uow, TypeLook("Hours off", "H", "teal"), rules, counting=CountingMethod.HOURS
        )
        uow.session.flush()
        grant(uow, cast.eve.employee_id)
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = True
        make_template(uow, "K", "08:00", "12:00")
        make_template(uow, "P", "14:00", "18:00")
        make_template(uow, "X", "07:00", "18:00", 30)
        make_template(uow, "Z", "22:00", "06:00")
        return made.id


def roster(as_, cast, *shifts):
    with as_(cast.ana) as uow:
        roster_id = draft(
            uow, cast.teams["care"], *((cast.eve.employee_id, day, code) for day, code in shifts)
        )
        publish(uow, roster_id)
    return roster_id


def approved(as_, cast, kind_id, *parts):
    with as_(cast.eve) as uow:
        absence_id = absence_requests.request(uow, uuid4(), Wish.of_days(kind_id, list(parts))).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def clock(day, starts, ends):
    return DayPart(day, Part.FROM_TO, starts * 60, ends * 60)


def cost(as_, cast, absence_id):
    """As the absence says, and as the ledger took it."""
    with as_(cast.ana) as uow:
        charge = uow.session.get_one(Absence, (uow.company.id, absence_id)).charge
        query = select(LedgerEntry.amount).where(LedgerEntry.absence_id == absence_id)
        assert -sum(uow.session.scalars(query)) == charge
        return charge


def opened(as_, cast):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(ReleasedShift.date).order_by(ReleasedShift.date)).all()


def test_hours_that_free_a_whole_shift_cost_all_of_it(as_, cast, kind):
    roster(as_, cast, (MONDAY, "K"), (TUESDAY, "X"))
    assert cost(as_, cast, approved(as_, cast, kind, clock(MONDAY, 8, 12))) == 240
    assert cost(as_, cast, approved(as_, cast, kind, DayPart(TUESDAY, Part.AM))) == 286, "of 630 in 11 hours"
    assert cost(as_, cast, approved(as_, cast, kind, DayPart(TUESDAY, Part.PM))) == 344, (
        "and the rest of them"
    )
    assert opened(as_, cast) == [MONDAY]


def test_publishing_prices_a_part_of_an_average_day_by_the_shift_and_once(as_, cast, kind):
    afternoon = approved(as_, cast, kind, DayPart(MONDAY, Part.PM))
    morning = approved(as_, cast, kind, DayPart(TUESDAY, Part.AM))
    assert [cost(as_, cast, one) for one in (afternoon, morning)] == [240, 240]
    with as_(cast.ana) as uow:
        eve = cast.eve.employee_id
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "X"), (eve, TUESDAY, "P"))
        ahead = [one.days for one in roster_publishing.preview(uow, roster_id).repriced]
        assert ahead == [[(MONDAY, 240, 344)], [(TUESDAY, 240, 0)]]
        publish(uow, roster_id)
    assert [cost(as_, cast, one) for one in (afternoon, morning)] == [344, 0]
    with as_(cast.ana) as uow:
        plan(uow, roster_id, cast.mats.employee_id, DAYS[2], "K")
        assert roster_publishing.preview(uow, roster_id).repriced == []
        publish(uow, roster_id)
        told = AuditEvent.action == "absence.priced-by-roster"
        assert len(uow.session.scalars(select(AuditEvent.subject_id).where(told)).all()) == 2


def test_an_afternoon_off_before_a_night_frees_and_costs_the_night(as_, cast, kind):
    roster(as_, cast, *((day, "Z") for day in DAYS[:3]))
    assert cost(as_, cast, approved(as_, cast, kind, DayPart(MONDAY, Part.PM))) == 480
    assert cost(as_, cast, approved(as_, cast, kind, clock(TUESDAY, 20, 23))) == 60
    assert cost(as_, cast, approved(as_, cast, kind, clock(DAYS[2], 23, 24))) == 420
    assert opened(as_, cast) == [MONDAY], (
        "the night of the others has begun before they leave, or goes on after"
    )


def test_the_times_are_those_of_the_clock_of_the_site(as_, cast, kind):
    with as_(cast.ana) as uow:
        site_id = uow.session.scalars(select(Team.site_id).where(Team.id == cast.teams["care"])).one()
        uow.session.get_one(Site, (uow.company.id, site_id)).time_zone = "America/New_York"
        uow.session.flush()
    roster(as_, cast, (MONDAY, "K"))
    assert cost(as_, cast, approved(as_, cast, kind, clock(MONDAY, 8, 11))) == 180


def test_whatever_prices_a_wish_asks_the_shift(as_, cast, kind):
    roster(as_, cast, (MONDAY, "P"), (TUESDAY, "X"), (DAYS[2], "Z"))
    with as_(cast.eve) as uow:
        halves = [DayPart(day, Part.AM) for day in DAYS[:3]]
        found = absence_requests.preview(uow, Wish.of_days(kind, halves))
        assert found.total == 286 and [line.amount for line in found.lines] == [0, 286, 0]
        planned = keeping.plan(uow, uuid4(), Planned(kind, TUESDAY, TUESDAY, Part.AM, Part.AM))
        uow.session.flush()
        costs = reckoning.costs(uow, cast.eve.employee_id, [(planned, CountingMethod.HOURS)])
        assert costs[planned.id].total == 286
    with as_(cast.ana) as uow:
        eve = [one for one in people.people_of(uow, Chosen()) if one[0] == cast.eve.employee_id]
        (entered,) = planning.plan(uow, eve, GroupWish(kind, TUESDAY, TUESDAY, Part.AM)).lines
        assert entered.cost.total == 286


def test_a_preview_of_other_terms_prices_the_part_by_the_shift(as_, cast, kind):
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = False
    approved(as_, cast, kind, DayPart(TUESDAY, Part.PM))
    roster(as_, cast, (TUESDAY, "X"))
    with as_(cast.ana) as uow:
        now = employments.terms_at(employments.list_of(uow, cast.eve.employee_id), MONDAY)
        (change,) = terms_preview.preview(
            uow, cast.eve.employee_id, replace(now, by_roster=True), MONDAY
        ).absences
        assert (change.before, change.after) == (240, 344)


def test_better_dates_cost_what_they_say_they_cost(as_, cast, kind):
    """On Tuesday nobody else is there."""
    roster(as_, cast, (MONDAY, "P"), (TUESDAY, "X"))
    with as_(cast.ana) as uow:
        make_rule(uow, amount=1, effect=Effect.BLOCK, team_id=cast.teams["care"])
        take_off(uow, cast.pia.employee_id, TUESDAY)
        take_off(uow, cast.mats.employee_id, TUESDAY)
    with as_(cast.eve) as uow:
        moved = Wish(kind, TUESDAY, TUESDAY, Part.PM, Part.PM)
        better = wish_outlook.outlook(uow, absence_requests.preview(uow, moved), movable=True).better
        for one in better:
            again = Wish(kind, one.start_date, one.end_date, Part.PM, Part.PM)
            assert absence_requests.preview(uow, again).total == one.cost
        assert {one.start_date: one.cost for one in better}[MONDAY] == 240


def test_the_bar_says_when_the_shift_is_of_which_a_part_is_asked_for(as_, cast, kind, client):
    roster(as_, cast, (MONDAY, "P"), (TUESDAY, "X"), (DAYS[2], "Z"))
    client.sign_in(cast.eve)
    for day, first, said in (
        (MONDAY, "am", "morning, shift 14:00–18:00"),
        (TUESDAY, "pm", "afternoon, shift 7:00–18:00"),
        (DAYS[2], "pm", "afternoon, shift 22:00–6:00"),
    ):
        dates = {"start_date": day.isoformat(), "end_date": day.isoformat()}
        form = {"absence_type_id": str(kind), "first_part": first, "last_part": "full", **dates}
        assert said in client.send("absences/preview", form).text
    whole = form | {"first_part": "full", "last_part": "full"}
    assert "shift 22" not in client.send("absences/preview", whole).text


def test_a_holiday_frees_what_of_the_shift_lies_in_it(as_, cast, kind):
    roster(as_, cast, (MONDAY, "P"), (TUESDAY, "X"))
    morning = approved(as_, cast, kind, DayPart(TUESDAY, Part.AM))
    afternoon = approved(as_, cast, kind, DayPart(TUESDAY, Part.PM))
    with as_(cast.eve) as uow:
        assert [one.worked for one in absence_requests.dates_between(uow, MONDAY, TUESDAY)] == [True, True]
    with as_(cast.ana) as uow:
        days = [OwnDay(None, None, day, HolidayPart.PM, True, "Feast") for day in DAYS[:2]]
        assert [(one.before, one.after) for one in holidays.preview_days(uow, days)] == [(344, 0)]
        holidays.add_days(uow, days)
    assert [cost(as_, cast, one) for one in (morning, afternoon)] == [286, 0]
    with as_(cast.eve) as uow:
        assert [one.worked for one in absence_requests.dates_between(uow, MONDAY, TUESDAY)] == [False, True]
