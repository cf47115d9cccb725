"""Planning in the draft: overlaps of one minute, both nights of the clock change, days off, strangers, stale forms."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from portal.domain.absences import AbsenceStatus
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Employee, TeamMembership
from portal.services import rosters, shifts
from portal.services.shifts import Cell
from tests.factories.rosters import draft, drafted, make_template, plan, take_off, template_id

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)
OCTOBER, MARCH = Month(2026, 10), Month(2026, 3)


@pytest.fixture
def uow(as_, cast):
    with as_(cast.pia) as uow:
        yield uow


@pytest.fixture
def eve(cast):
    return cast.eve.employee_id


@pytest.fixture
def care(uow, cast):
    return rosters.create(uow, cast.teams["care"], Month.of(MONDAY))


def refused(reason, call, *arguments, **more) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **more)
    assert caught.value.reason is reason
    return caught.value


def test_a_shift_has_the_wall_times_of_its_template(uow, care, eve):
    shift = plan(uow, care, eve, MONDAY, "E")
    assert (shift.during.lower.isoformat(), shift.during.upper.isoformat()) == (
        "2026-06-15T04:00:00+00:00",
        "2026-06-15T12:30:00+00:00",
    )
    assert shift.paid_minutes == 480


@pytest.mark.parametrize(
    ("month", "day", "paid"), [(OCTOBER, date(2026, 10, 24), 540), (MARCH, date(2026, 3, 28), 420)]
)
def test_the_night_of_the_clock_change_pays_the_hours_that_pass(uow, cast, eve, month, day, paid):
    """T154: 22:00 to 6:30 with a break of 30 minutes is 9 hours in October and 7 in March."""
    roster_id = rosters.create(uow, cast.teams["care"], month)
    assert plan(uow, roster_id, eve, day, "N").paid_minutes == paid


@pytest.mark.parametrize(
    ("month", "sunday"),
    [(OCTOBER, date(2026, 10, 25)), (MARCH, date(2026, 3, 29)), (Month(2026, 6), date(2026, 6, 21))],
)
def test_shifts_may_touch_after_midnight_and_not_share_a_minute(uow, cast, eve, month, sunday):
    """T154: across midnight and in both nights of the clock change."""
    night = make_template(uow, "X", "22:00", "06:00")
    touching, too_early = make_template(uow, "Y", "06:00", "10:00"), make_template(uow, "Z", "05:59", "10:00")
    roster_id = rosters.create(uow, cast.teams["care"], month)
    saturday = sunday.replace(day=sunday.day - 1)
    shifts.add(uow, roster_id, Cell(eve, saturday), night)
    clash = refused(Reason.SHIFT_OVERLAPS, shifts.add, uow, roster_id, Cell(eve, sunday), too_early)
    assert clash.details | {"team": ""} == {
        "name": "Eve MaláAcmeonly", "code": "X", "date": saturday, "times": "22:00–06:00", "team": "",
    }  # fmt: skip
    shifts.add(uow, roster_id, Cell(eve, sunday), touching)
    assert len(drafted(uow, roster_id)) == 2


def test_two_shifts_of_one_day_share_a_cell_when_they_leave_each_other_alone(uow, care, eve):
    plan(uow, care, eve, MONDAY, "E")
    refused(Reason.SHIFT_OVERLAPS, plan, uow, care, eve, MONDAY, "L")  # 14:00 lies before 14:30
    plan(uow, care, eve, MONDAY, "N")
    assert [
        shift.code for shift in shifts.shifts_in(uow, rosters.get_roster(uow, care), Cell(eve, MONDAY))
    ] == ["E", "N"]


def test_a_shift_in_another_team_is_in_the_way_too(uow, care, cast, eve):
    """T154: double booking over two teams."""
    uow.session.add(
        TeamMembership(employee_id=eve, team_id=cast.teams["office"], start_date=date(2026, 1, 1))
    )
    other = draft(uow, cast.teams["office"], (eve, MONDAY, "E"))
    clash = refused(Reason.SHIFT_OVERLAPS, plan, uow, care, eve, MONDAY, "E")
    assert clash.details["team"] == "Office Acmeonly"
    assert drafted(uow, care) == [] and len(drafted(uow, other)) == 1


def test_the_constraint_speaks_when_nobody_asked_first(uow, care, eve, monkeypatch):
    """T154: the database refuses what slips past the question, in the same words."""
    plan(uow, care, eve, MONDAY, "E")
    monkeypatch.setattr("portal.services.shift_rules.refuse_overlap", lambda *_, **__: None)
    refused(Reason.SHIFT_OVERLAPS, plan, uow, care, eve, MONDAY, "E")
    assert len(drafted(uow, care)) == 1


@pytest.mark.parametrize(
    ("part", "status", "allowed"),
    [
        (Part.FULL, AbsenceStatus.APPROVED, False),
        (Part.FULL, AbsenceStatus.REQUESTED, True),
        (Part.AM, AbsenceStatus.APPROVED, True),
    ],
)
def test_nobody_is_planned_on_a_whole_day_off(uow, care, eve, part, status, allowed):
    take_off(uow, eve, MONDAY, part, status)
    if allowed:
        plan(uow, care, eve, MONDAY, "L")
    else:
        refused(Reason.SHIFT_ON_ABSENCE, plan, uow, care, eve, MONDAY, "L")
    plan(uow, care, eve, TUESDAY, "L")


def test_only_people_of_the_team_are_planned_in_it(uow, care, cast):
    """T100: somebody of another team, of another company, and nobody at all."""
    refused(Reason.SHIFT_OUTSIDE_TEAM, plan, uow, care, cast.otto.employee_id, MONDAY, "E")
    for stranger in (cast.zoe.employee_id, uuid4()):
        refused(Reason.NOT_FOUND, plan, uow, care, stranger, MONDAY, "E")


def test_who_left_the_company_is_not_planned(uow, care, eve, cast):
    uow.session.get_one(Employee, (cast.acme.id, eve)).active = False
    refused(Reason.SHIFT_OUTSIDE_TEAM, plan, uow, care, eve, MONDAY, "E")


def test_a_roster_covers_its_month_and_no_other_day(uow, care, eve):
    refused(Reason.SHIFT_OUTSIDE_ROSTER, plan, uow, care, eve, date(2026, 7, 1), "E")


@pytest.mark.parametrize("who", ["eve", "mats", "otto", "zoe"])
def test_only_planners_within_reach_change_a_draft(as_, cast, who, eve):
    """T88, T99: an employee, a manager, another site, another company."""
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "E"))
    with as_(cast.people[who]) as uow:
        refused(Reason.NOT_FOUND, shifts.fill, uow, roster_id, Cell(eve, MONDAY), "L", seen=["E"])
    with as_(cast.pia) as uow:
        assert [shift.paid_minutes for shift in drafted(uow, roster_id)] == [480]


class TestFill:
    """The cell as in a spreadsheet."""

    def test_an_empty_cell_is_filled_and_a_full_one_replaced(self, uow, care, eve):
        shifts.fill(uow, care, Cell(eve, MONDAY), "e", seen=[])
        first = drafted(uow, care)[0]
        shifts.fill(uow, care, Cell(eve, MONDAY), "N", seen=["E"])
        [after] = drafted(uow, care)
        assert (after.id, after.shift_template_id) == (first.id, template_id(uow, "N"))
        shifts.fill(uow, care, Cell(eve, MONDAY), "", seen=["N"])
        assert drafted(uow, care) == []

    def test_one_code_takes_the_place_of_several(self, uow, care, eve):
        plan(uow, care, eve, MONDAY, "E")
        plan(uow, care, eve, MONDAY, "N")
        shifts.fill(uow, care, Cell(eve, MONDAY), "L", seen=["E", "N"])
        assert [one.shift_template_id for one in drafted(uow, care)] == [template_id(uow, "L")]

    def test_what_another_planner_put_there_is_not_overwritten(self, uow, care, eve):
        """T158."""
        plan(uow, care, eve, MONDAY, "E")
        for seen in ([], ["L"], ["E", "L"]):
            refused(Reason.CHANGED_MEANWHILE, shifts.fill, uow, care, Cell(eve, MONDAY), "N", seen=seen)
        assert len(drafted(uow, care)) == 1

    def test_the_same_key_twice_is_one_shift(self, uow, care, eve):
        """T157: the retry of a form that had arrived."""
        shifts.fill(uow, care, Cell(eve, MONDAY), "E", seen=[])
        shifts.fill(uow, care, Cell(eve, MONDAY), "E", seen=[])
        assert len(drafted(uow, care)) == 1

    def test_a_refused_replacement_leaves_the_cell_as_it_was(self, uow, care, eve):
        plan(uow, care, eve, MONDAY, "E")
        plan(uow, care, eve, TUESDAY, "E")
        refused(Reason.SHIFT_OVERLAPS, shifts.fill, uow, care, Cell(eve, MONDAY), "N", seen=["E"])
        assert [one.date for one in drafted(uow, care)] == [MONDAY, TUESDAY]

    def test_a_code_that_nobody_has_is_not_found(self, uow, care, eve):
        refused(Reason.NOT_FOUND, shifts.fill, uow, care, Cell(eve, MONDAY), "Q", seen=[])


class TestMove:
    def test_a_shift_goes_to_another_person_and_day(self, uow, care, eve, cast):
        shift = plan(uow, care, eve, MONDAY, "N")
        mats = cast.mats.employee_id
        shifts.move(uow, care, shift.id, seen=Cell(eve, MONDAY), to=Cell(mats, TUESDAY))
        [after] = drafted(uow, care)
        assert (after.id, after.employee_id, after.date, after.during.lower.day) == (
            shift.id,
            mats,
            TUESDAY,
            16,
        )

    def test_it_does_not_stand_in_its_own_way(self, uow, care, eve):
        shift = plan(uow, care, eve, MONDAY, "N")
        shifts.move(uow, care, shift.id, seen=Cell(eve, MONDAY), to=Cell(eve, TUESDAY))
        assert drafted(uow, care)[0].date == TUESDAY

    def test_it_is_refused_where_another_shift_is(self, uow, care, eve):
        shift = plan(uow, care, eve, MONDAY, "E")
        plan(uow, care, eve, TUESDAY, "E")
        refused(
            Reason.SHIFT_OVERLAPS,
            shifts.move,
            uow,
            care,
            shift.id,
            seen=Cell(eve, MONDAY),
            to=Cell(eve, TUESDAY),
        )

    def test_a_shift_that_was_moved_meanwhile_stays_where_it_is(self, uow, care, eve, cast):
        """T158."""
        shift = plan(uow, care, eve, MONDAY, "E")
        stale = Cell(cast.mats.employee_id, MONDAY)
        refused(Reason.CHANGED_MEANWHILE, shifts.move, uow, care, shift.id, seen=stale, to=Cell(eve, TUESDAY))
        refused(Reason.CHANGED_MEANWHILE, shifts.remove, uow, care, shift.id, seen=stale)
        assert drafted(uow, care)[0].date == MONDAY


def test_every_change_is_in_the_audit_log(as_, cast, eve):
    with as_(cast.pia) as uow:
        roster_id = rosters.create(uow, cast.teams["care"], Month.of(MONDAY))
    for code, seen in (("E", []), ("N", ["E"]), ("", ["N"])):
        with as_(cast.pia) as uow:
            shifts.fill(uow, roster_id, Cell(eve, MONDAY), code, seen=seen)
    with as_(cast.ana) as uow:
        rows = uow.session.execute(
            text("SELECT action, payload FROM audit.event ORDER BY seq DESC LIMIT 4")
        ).all()
    assert [row.action for row in rows] == ["shift.removed", "shift.changed", "shift.added", "roster.created"]
    assert '"date": [null, "2026-06-15"]' in rows[2].payload
    assert '"date": ["2026-06-15", null]' in rows[0].payload
