"""An absence frees the published shifts it stands in the way of, in the same step; given up, they come back if free."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteAnswer
from portal.models import Absence, AbsenceSubstitute, OutboxMessage, ReleasedShift, WithdrawnShift
from portal.services import absence_replacements, absence_requests, absences, roster_publishing, rosters
from portal.services.absence_wishes import Wish
from portal.services.sickness import changing, reporting
from portal.services.substitutes import naming
from tests.factories.absences import ask, grant, sickness_type, vacation, wish
from tests.factories.rosters import draft, drafted, plan, publish, shared
from tests.fixtures.letters import latest, subjects

MONDAY, TUESDAY = date(2026, 6, 22), date(2026, 6, 23)


@pytest.fixture
def care(as_, cast):
    """Eve works early on Monday and Tuesday, Mats on Monday: published by Pia."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.pia) as uow:
        eve, mats = cast.eve.employee_id, cast.mats.employee_id
        care = draft(uow, cast.teams["care"], (eve, MONDAY, "E"), (eve, TUESDAY, "E"), (mats, MONDAY, "E"))
        publish(uow, care)
        return care


@pytest.fixture
def asked(as_, cast, care):
    with as_(cast.eve) as uow:
        return ask(uow, MONDAY, TUESDAY).id


def who(rows, cast):
    names = {one.employee_id: name for name, one in cast.people.items()}
    return sorted((names[row.employee_id], row.date.day) for row in rows)


ALL = [("eve", 22), ("eve", 23), ("mats", 22)]


def test_approval_shows_the_hole_and_makes_it(client, as_, cast, care, asked):
    client.sign_in(cast.mats)
    assert "2 published shifts would fall open" in client.page("absences/approvals")
    page = client.page(f"absences/{asked}")
    assert "2 published shifts would fall open" in page and "E, 06:00–14:30" in page
    assert client.send(f"absences/{asked}/approval", {"version": "1"}).status_code == 303
    assert "2 published shifts fell open" in client.page(f"absences/{asked}")
    with as_(cast.pia) as uow:
        assert who(shared(uow, care), cast) == who(drafted(uow, care), cast) == [("mats", 22)]
        assert rosters.get_roster(uow, care).unpublished == 0
        letter = latest(uow, cast.pia.email)
        assert "fell open" in letter.subject and "Mon 22 Jun 2026: E, 06:00–14:30" in letter.text
        assert len(uow.session.scalars(select(WithdrawnShift)).all()) == 2  # calendars take them out
    page = client.sign_in(cast.pia).page(f"rosters/{care}/")
    assert "2 published shifts fell open" in page and cast.eve.name in page
    assert "Published shifts fell open" in client.sign_in(cast.ana).page("audit")


def test_approving_needs_as_many_statements_for_many_shifts_as_for_one(as_, cast, statements):
    """Also where nobody else works the same shift, and where somebody does."""
    week = [date(2026, 6, day) for day in range(22, 27)]
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.pia) as uow:
        eve, mats = cast.eve.employee_id, cast.mats.employee_id
        shifts = [(eve, day, "E") for day in week] + [(mats, day, "E") for day in week if day != week[1]]
        publish(uow, draft(uow, cast.teams["care"], *shifts))
    with as_(cast.eve) as uow:
        one, four = ask(uow, week[0]).id, ask(uow, week[1], week[4]).id
    counted = []
    for absence_id in (one, four):
        with as_(cast.mats) as uow:
            statements.clear()
            absences.approve(uow, absence_id, version=1)
            uow.session.flush()
            counted.append(len(statements))
    assert counted[0] == counted[1]
    with as_(cast.pia) as uow:
        freed = uow.session.execute(
            select(ReleasedShift.date, ReleasedShift.beside).order_by(ReleasedShift.date)
        )
        assert [beside for _day, beside in freed] == [1, 0, 1, 1, 1]


def test_a_rejected_request_frees_nothing(as_, cast, care, asked):
    with as_(cast.mats) as uow:
        absences.reject(uow, asked, version=1)
        assert who(shared(uow, care), cast) == ALL


def test_cancelled_they_come_back_as_they_were(as_, cast, care, asked):
    with as_(cast.pia) as uow:
        before = {(row.id, row.during, row.paid_minutes) for row in shared(uow, care)}
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        absences.cancel(uow, asked, version=2)
        assert {(row.id, row.during, row.paid_minutes) for row in shared(uow, care)} == before
        assert who(drafted(uow, care), cast) == ALL
        assert not uow.session.scalars(select(WithdrawnShift)).all()
    with as_(cast.pia) as uow:
        facts = rosters.get_roster(uow, care)
        assert (facts.version, facts.unpublished) == (3, 0)
        assert "yours again" in subjects(uow, cast.eve.email)[-1]


def test_one_day_given_back_brings_one_shift_back(as_, cast, care, asked):
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        absences.give_back(uow, asked, {TUESDAY}, version=2)
        assert who(shared(uow, care), cast) == [("eve", 23), ("mats", 22)]


def test_moved_by_a_day_it_frees_what_the_new_days_need(as_, cast, care, asked):
    """What the old one had freed and who covered belong to the one that took its place."""
    with as_(cast.eve) as uow:
        naming.name_one(uow, asked, cast.pia.email, "Keys in the drawer")
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        days = wish(uow, TUESDAY, date(2026, 6, 24))
        new = absence_replacements.ask(uow, uuid4(), asked, days, version=2).id
        assert who(shared(uow, care), cast) == [("mats", 22)]
    with as_(cast.mats) as uow:
        absences.approve(uow, new, version=1)
        assert who(shared(uow, care), cast) == [("eve", 22), ("mats", 22)]
        named = uow.session.execute(select(AbsenceSubstitute.absence_id, AbsenceSubstitute.answer)).one()
        assert named == (new, SubstituteAnswer.OPEN)
        assert (
            uow.session.scalars(select(Absence.cover_note).where(Absence.id == new)).one()
            == "Keys in the drawer"
        )
    with as_(cast.eve) as uow:
        assert any("Other days" in one for one in subjects(uow, cast.pia.email))
        absences.cancel(uow, new, version=2)
        assert who(shared(uow, care), cast) == ALL


def test_a_shift_that_somebody_took_over_stays_theirs(client, as_, cast, care, asked):
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.pia) as uow:
        plan(uow, care, cast.mats.employee_id, TUESDAY, "E")
    assert "1 published shift fell open" in client.sign_in(cast.pia).page(f"rosters/{care}/")
    with as_(cast.eve) as uow:
        absences.cancel(uow, asked, version=2)
        assert who(shared(uow, care), cast) == [("eve", 22), ("mats", 22)]
        assert sorted(uow.session.scalars(select(ReleasedShift.returned))) == [False, True]
        told = uow.session.scalars(
            select(OutboxMessage.template).where(OutboxMessage.employee_id == cast.pia.employee_id)
        ).all()
        assert told.count("shifts_freed") == 3  # open, back, taken


def test_a_planner_with_the_page_open_publishes_nothing_unseen(as_, cast, care, asked):
    """T158: the roster has a new version, though nobody has published."""
    with as_(cast.pia) as uow:
        plan(uow, care, cast.mats.employee_id, TUESDAY, "L")
        seen = roster_publishing.preview(uow, care)
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.pia) as uow, pytest.raises(Refusal) as refused:
        roster_publishing.publish(uow, care, version=seen.facts.version, seen=seen.seen)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE


def test_sickness_frees_from_today_on_and_says_not_why(as_, cast, care, clock):
    with as_(cast.ana) as uow:
        sick = sickness_type(uow)
    clock.move_to(clock.now().replace(month=6, day=23))
    with as_(cast.eve) as uow:
        absence = reporting.report(uow, uuid4(), Wish(sick, MONDAY, TUESDAY)).absence
        assert who(shared(uow, care), cast) == [("eve", 22), ("mats", 22)]  # Monday is over
    with as_(cast.pia) as uow:
        letter = latest(uow, cast.pia.email)
        assert "away" in letter.subject and "ick" not in letter.text + letter.subject
    with as_(cast.eve) as uow:
        changing.undo(uow, absence.id, version=absence.version)
        assert who(shared(uow, care), cast) == ALL


def test_vacation_behind_sickness_keeps_the_shift_free(as_, cast, care, asked):
    with as_(cast.ana) as uow:
        sick = sickness_type(uow)
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        absence = reporting.report(uow, uuid4(), Wish(sick, MONDAY, TUESDAY)).absence
        changing.undo(uow, absence.id, version=absence.version)
        assert who(shared(uow, care), cast) == [("mats", 22)]


@pytest.mark.parametrize(
    ("starts", "ends", "freed"), [(6 * 60, 14 * 60 + 30, True), (6 * 60, 12 * 60, False)]
)
def test_hours_free_a_shift_that_lies_in_them(as_, cast, care, starts, ends, freed):
    with as_(cast.ana) as uow:
        vacation(uow).unit = "hour"
        vacation(uow).needs_approval = False
    with as_(cast.eve) as uow:
        hours = [DayPart(MONDAY, Part.FROM_TO, starts, ends)]
        absence_requests.request(uow, uuid4(), Wish.of_days(vacation(uow).id, hours))
        assert (("eve", 22) in who(shared(uow, care), cast)) is not freed


def test_working_elsewhere_frees_nothing(as_, cast, care):
    with as_(cast.ana) as uow:
        vacation(uow).at_work = True
        vacation(uow).needs_approval = False
    with as_(cast.eve) as uow:
        ask(uow, MONDAY)
        assert who(shared(uow, care), cast) == ALL
