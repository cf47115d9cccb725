"""Publishing: everybody sees the draft as the planner saw it, in one step, with one letter each."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models import Employee, TeamMembership
from portal.services import outbox, own_shifts, roster_grid, roster_publishing, rosters, shifts
from portal.services.shifts import Cell
from tests.factories.rosters import JUNE, draft, drafted, plan, publish, shared

MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 17)


@pytest.fixture
def eve(cast):
    return cast.eve.employee_id


@pytest.fixture
def care(as_, cast, eve):
    with as_(cast.pia) as uow:
        return draft(uow, cast.teams["care"], (eve, MONDAY, "E"), (cast.mats.employee_id, MONDAY, "L"))


def rows(copies):
    return {(one.id, one.employee_id, one.date, one.during, one.paid_minutes) for one in copies}


def test_the_shared_copy_becomes_the_draft(as_, cast, care):
    with as_(cast.pia) as uow:
        publish(uow, care)
        assert rows(shared(uow, care)) == rows(drafted(uow, care)) != set()
        facts = rosters.get_roster(uow, care)
        assert (facts.version, facts.unpublished, facts.published_at) == (1, 0, uow.clock.now())


def test_a_second_publishing_changes_only_what_differs(as_, cast, care, eve):
    with as_(cast.pia) as uow:
        publish(uow, care)
    mats = cast.mats.employee_id
    with as_(cast.pia) as uow:
        shifts.fill(uow, care, Cell(eve, MONDAY), "N", seen=["E"])
        shifts.fill(uow, care, Cell(mats, MONDAY), "", seen=["L"])
        plan(uow, care, cast.pia.employee_id, TUESDAY, "E")
        seen = roster_publishing.preview(uow, care)
        assert seen.counts == {"added": 1, "removed": 1, "changed": 1}
        assert rosters.get_roster(uow, care).unpublished == 3
        [changed] = [one for one in seen.people if one.employee.id == eve]
        [pair] = changed.changes.changed
        assert (pair.was.label, pair.now.label) == ("E", "N")
        publish(uow, care)
        assert rows(shared(uow, care)) == rows(drafted(uow, care))


def test_two_people_may_change_places(as_, cast, care, eve):
    """The old rows go before the new ones come, or the constraint would refuse the exchange."""
    mats = cast.mats.employee_id
    with as_(cast.pia) as uow:
        publish(uow, care)
        e, late = sorted(drafted(uow, care), key=lambda one: one.during.lower)
        shifts.move(uow, care, e.id, seen=Cell(eve, MONDAY), to=Cell(eve, TUESDAY))
        shifts.move(uow, care, late.id, seen=Cell(mats, MONDAY), to=Cell(eve, MONDAY))
        publish(uow, care)
        assert rows(shared(uow, care)) == rows(drafted(uow, care))


def test_each_person_concerned_gets_one_letter_with_what_was_and_is(as_, cast, care, eve):
    with as_(cast.pia) as uow:
        publish(uow, care)
    with as_(cast.ana) as uow:
        first = {letter.id for letter in outbox.list_latest(uow)}
    with as_(cast.pia) as uow:
        shifts.fill(uow, care, Cell(eve, MONDAY), "N", seen=["E"])
        plan(uow, care, eve, WEDNESDAY, "L")
        publish(uow, care)
    with as_(cast.ana) as uow:
        letters = outbox.list_latest(uow)
    assert len(first) == 2, "both people have shifts in the first publishing"
    (second,) = [letter for letter in letters if letter.id not in first]
    assert second.to == cast.eve.email
    for line in (
        "- Mon 15 Jun 2026: E, 06:00–14:30",
        "+ Mon 15 Jun 2026: N, 22:00–06:30",
        "+ Wed 17 Jun 2026: L, 14:00–22:30",
        f"/c/acme/shifts?month={JUNE}",
    ):
        assert line in second.text
    assert "Mats" not in second.text


def test_who_left_gets_no_letter(as_, cast, care, eve):
    with as_(cast.pia) as uow:
        uow.session.get_one(Employee, (cast.acme.id, eve)).active = False
        publish(uow, care)
    with as_(cast.ana) as uow:
        assert [one.to for one in outbox.list_latest(uow)] == [cast.mats.email]


def test_the_audit_log_says_how_much_was_published(as_, cast, care):
    with as_(cast.pia) as uow:
        publish(uow, care)
    with as_(cast.ana) as uow:
        payload = uow.session.scalar(
            text(
                "SELECT payload FROM audit.event WHERE action = 'roster.published' ORDER BY seq DESC LIMIT 1"
            )
        )
    for fact in ('"added": 2', '"removed": 0', '"changed": 0', '"people": 2', '"version": [0, 1]'):
        assert fact in payload


@pytest.mark.parametrize("stale", ["version", "draft"])
def test_a_stale_form_publishes_nothing(as_, cast, care, eve, stale):
    """T158: another planner published, or planned on, since the page was opened."""
    with as_(cast.pia) as uow:
        seen = roster_publishing.preview(uow, care)
    with as_(cast.ana) as uow:
        if stale == "version":
            publish(uow, care)
        plan(uow, care, eve, WEDNESDAY, "E")
    with as_(cast.pia) as uow, pytest.raises(Refusal) as refused:
        roster_publishing.publish(uow, care, version=seen.facts.version, seen=seen.seen)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE
    with as_(cast.ana) as uow:
        assert rosters.get_roster(uow, care).version == (1 if stale == "version" else 0)
        assert WEDNESDAY not in {one.date for one in shared(uow, care)}


def test_nothing_new_is_not_published_again(as_, cast, care):
    with as_(cast.pia) as uow:
        publish(uow, care)
        with pytest.raises(Refusal) as refused:
            publish(uow, care)
    assert refused.value.reason is Reason.ROSTER_UNCHANGED


def test_somebody_lent_out_is_released_by_the_other_roster_first(as_, cast, care, eve):
    """T154 in the shared copy: the other team's draft has let her go, its published roster has not."""
    with as_(cast.ana) as uow:
        publish(uow, care)
        uow.session.add(
            TeamMembership(employee_id=eve, team_id=cast.teams["office"], start_date=date(2026, 1, 1))
        )
        uow.session.flush()
        shifts.fill(uow, care, Cell(eve, MONDAY), "", seen=["E"])
        other = draft(uow, cast.teams["office"], (eve, MONDAY, "E"))
        with pytest.raises(Refusal) as refused:
            publish(uow, other)
        assert refused.value.reason is Reason.SHIFT_OVERLAPS_PUBLISHED
        assert refused.value.details["team"] == "Care Acmeonly"
        publish(uow, care)
        publish(uow, other)
        assert len(shared(uow, other)) == 1


@pytest.mark.parametrize("who", ["eve", "mats", "otto", "zoe"])
def test_a_draft_does_not_exist_for_whoever_does_not_plan_it(as_, cast, care, who):
    """No read of anybody else's gives a draft away: not its shifts, its totals, nor that there is one."""
    with as_(cast.people[who]) as uow:
        with pytest.raises(Refusal) as refused:
            rosters.get_roster(uow, care)
        assert refused.value.reason is Reason.NOT_FOUND
        assert all(one.roster_id is None and one.unpublished is None for one in rosters.list_month(uow, JUNE))
        assert own_shifts.own_month(uow, JUNE).shifts == []


def test_after_publishing_others_see_the_published_copy_alone(as_, cast, care, eve):
    with as_(cast.pia) as uow:
        publish(uow, care)
        shifts.fill(uow, care, Cell(eve, MONDAY), "N", seen=["E"])
        plan(uow, care, eve, WEDNESDAY, "L")
    with as_(cast.eve) as uow:
        facts = rosters.get_roster(uow, care)
        grid = roster_grid.read_grid(uow, facts, draft=facts.may_edit)
        mine = grid.person(eve)
        assert (facts.unpublished, [shift.code for shift in mine.shifts], mine.paid_minutes) == (
            None,
            ["E"],
            480,
        )
        assert [shift.code for shift in own_shifts.own_month(uow, JUNE).shifts] == ["E"]


def test_publishing_needs_its_own_permission(as_, cast, care):
    member = cast.pia
    with as_(member) as uow:
        grants = {
            name: reach
            for name, reach in member.actor.grants.items()
            if name is not Permission.ROSTER_PUBLISH
        }
        object.__setattr__(uow.actor, "grants", grants)
        with pytest.raises(Refusal) as refused:
            roster_publishing.preview(uow, care)
    assert refused.value.reason is Reason.NOT_PERMITTED
