"""Rules of staffing, asked when somebody sends, approves or enters, and looked after when something else changes."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect, Metric
from portal.models import (
    Absence,
    AbsenceType,
    AuditEvent,
    CustomValue,
    Employment,
    OutboxMessage,
    StaffingBreach,
)
from portal.services import absence_entries, absence_requests, absences, custom_fields, memberships
from portal.services.custom_fields import FieldFacts
from portal.services.staffing import checks, rules, watch
from tests.factories.absences import AFTERNOON, MORNING, ask, grant, wish
from tests.factories.staffing import make_rule

#: A Monday to a Wednesday without holidays.
MONDAY, TUESDAY, WEDNESDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)


@pytest.fixture
def care(as_, cast):
    """Mats, Eve and Pia are in Care and have their entitlement. Answers a function that makes a rule of Care."""
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("ana", "mats", "eve", "pia", "otto")))

    def rule(**more):
        with as_(cast.ana) as uow:
            return make_rule(uow, team_id=cast.teams["care"], **more)

    return rule


def sent(as_, who, *dates, **more):
    with as_(who) as uow:
        return ask(uow, *dates, **more).id


def approve(as_, who, absence_id, **more):
    with as_(who) as uow:
        absences.approve(uow, absence_id, version=1, **more)


def refused(reason, action, *args, **more):
    with pytest.raises(Refusal) as found:
        action(*args, **more)
    assert found.value.reason is reason
    return found.value


def test_who_waits_counts_for_nobody_and_who_is_approved_first_is_first(as_, cast, care):
    """A block refuses what would break it beside what is agreed; two may wait for the same day, one gets it."""
    care(amount=1)
    eve, pia = sent(as_, cast.eve, MONDAY), sent(as_, cast.pia, MONDAY)
    approve(as_, cast.mats, eve)
    refused(Reason.STAFFING_BLOCKED, approve, as_, cast.mats, pia, note="Please", breaches_seen=True)
    found = refused(Reason.STAFFING_BLOCKED, sent, as_, cast.mats, MONDAY)
    assert found.details == {"rule": "Enough of us", "date": MONDAY}
    # Otto is in another team, and the day after is free.
    sent(as_, cast.otto, MONDAY)
    sent(as_, cast.mats, TUESDAY)


def test_half_days_count_half(as_, cast, care):
    care(amount=1)
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY, first_part=MORNING))
    approve(as_, cast.mats, sent(as_, cast.pia, MONDAY, first_part=AFTERNOON))
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.mats, MONDAY, first_part=MORNING)


def test_past_a_block_goes_who_has_the_right_and_says_why_and_the_log_keeps_it(as_, cast, care):
    """An exception of HR: the days are ticked as seen, the reason stands in the audit."""
    care(amount=1)
    eve, pia = sent(as_, cast.eve, MONDAY), sent(as_, cast.pia, MONDAY)
    approve(as_, cast.mats, eve)
    refused(Reason.STAFFING_NOT_SEEN, approve, as_, cast.ana, pia, note="Her wedding")
    refused(Reason.STAFFING_NEEDS_REASON, approve, as_, cast.ana, pia, breaches_seen=True)
    approve(as_, cast.ana, pia, note="Her wedding", breaches_seen=True)
    with as_(cast.ana) as uow:
        told = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "absence.approved", AuditEvent.subject_id == pia)
        ).one()
        said = json.loads(told.payload)["facts"]
        assert said["broken_rules"] == ["Enough of us 2026-08-03"]
        assert said["despite_because"] == "Her wedding"


def test_a_rule_that_asks_for_a_reason_takes_the_note(as_, cast, care):
    care(amount=0, effect=Effect.REASON)
    found = refused(Reason.STAFFING_NEEDS_REASON, sent, as_, cast.eve, MONDAY)
    assert found.field == "note"
    eve = sent(as_, cast.eve, MONDAY, note="Moving house")
    refused(Reason.STAFFING_NOT_SEEN, approve, as_, cast.mats, eve, note="Fine")
    approve(as_, cast.mats, eve, note="Fine", breaches_seen=True)


def test_a_rule_that_only_says_so_stops_nobody(as_, cast, care):
    care(amount=0, effect=Effect.INFO)
    eve = sent(as_, cast.eve, MONDAY)
    with as_(cast.mats) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == eve)).one()
        assert [one.date for one in checks.of_waiting(uow, [absence])[eve]] == [MONDAY]
    approve(as_, cast.mats, eve)


def test_days_off_holidays_and_other_weekdays_break_nothing(as_, cast, care):
    """A weekend within the stretch, and a rule that does not hold on it."""
    care(amount=0, weekdays=frozenset({6, 7}))
    sent(as_, cast.eve, date(2026, 8, 6), date(2026, 8, 11))


def test_what_nobody_has_to_approve_is_not_held_up(as_, cast, care):
    """A sick day is no wish."""
    care(amount=0)
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType)).one()
        kind.needs_approval = False
    sent(as_, cast.eve, MONDAY)


def test_types_that_count_as_work_are_no_absence(as_, cast, care):
    """Working from home: neither stopped by a rule nor counted by one."""
    care(amount=0)
    with as_(cast.ana) as uow:
        rules.choose_work_types(uow, [uow.session.scalars(select(AbsenceType.id)).one()])
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY))
    with as_(cast.ana) as uow:
        (line,) = rules.list_rules(uow)
        assert rules.preview(uow, line.facts) == []


def test_hr_enters_past_a_block_with_a_reason(as_, cast, care):
    care(amount=0)

    def enter(**more):
        with as_(cast.ana) as uow:
            note = more.pop("note", "")
            absence_entries.enter(uow, uuid4(), cast.eve.employee_id, wish(uow, MONDAY, note=note), **more)

    refused(Reason.STAFFING_NOT_SEEN, enter, note="Agreed by phone")
    enter(note="Agreed by phone", breaches_seen=True)


def test_a_qualification_counts_only_those_who_have_it(as_, cast, care):
    with as_(cast.ana) as uow:
        first_aid = FieldFacts("First aid", FieldKind.YES_NO, FieldGroup.WORK, Retention.EMPLOYMENT, 0)
        field_id = custom_fields.create(uow, first_aid)
        for name in ("eve", "pia"):
            uow.session.add(
                CustomValue(employee_id=cast.people[name].employee_id, field_id=field_id, value="yes")
            )
        make_rule(uow, metric=Metric.LEAST_PRESENT, amount=1, field_id=field_id, field_value="yes")
    sent(as_, cast.mats, MONDAY)
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY))
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.pia, MONDAY)


def test_a_planner_keeps_the_rules_of_their_site_alone(as_, cast, care):
    with as_(cast.pia) as uow:
        make_rule(uow, name="Ours", team_id=cast.teams["office"])
        assert [line.facts.name for line in rules.list_rules(uow)] == ["Ours"]
    with as_(cast.ana) as uow:
        theirs = make_rule(uow, name="Brno", site_id=cast.sites["brno"])
    for whom, reason in (
        ({"team_id": cast.teams["kitchen"]}, Reason.NOT_FOUND),
        ({"site_id": cast.sites["brno"]}, Reason.NOT_FOUND),
        ({}, Reason.MISSING),
    ):
        with as_(cast.pia) as uow:
            refused(reason, make_rule, uow, **whom)
    with as_(cast.pia) as uow:
        refused(Reason.NOT_FOUND, rules.remove, uow, theirs)


def test_what_comes_to_break_a_rule_is_found_once_told_and_mended(as_, cast, care):
    """Somebody leaves the team: the days ahead are listed and told; found again they are not, mended they go."""
    care(metric=Metric.LEAST_PRESENT, amount=3, weekdays=frozenset({1}))
    with as_(cast.ana) as uow:
        assert watch.look(uow) == 0
        ends = select(Employment).where(Employment.employee_id == cast.otto.employee_id)
        assert uow.session.scalars(ends).one().end_date is None
        memberships.end_after(uow, cast.eve.employee_id, date(2026, 8, 2))
    with as_(cast.ana) as uow:
        found = watch.look(uow)
        assert found > 5
        assert watch.look(uow) == 0
        letters = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "staffing_broken")
        ).all()
        assert {one.employee_id for one in letters} == {cast.ana.employee_id, cast.pia.employee_id}
        (line,) = rules.list_rules(uow)
        assert (line.broken_days, line.first_broken) == (found, MONDAY)
        rules.remove(uow, line.facts.id)
    with as_(cast.ana) as uow:
        assert watch.look(uow) == 0
        assert uow.session.scalars(select(StaffingBreach)).all() == []


def test_asking_costs_the_same_few_statements_however_many_are_there(as_, cast, care, statements):
    care(amount=3)
    with as_(cast.eve) as uow:
        statements.clear()
        found = checks.caused(
            uow, cast.eve.employee_id, absence_requests.Wish(uuid4(), MONDAY, WEDNESDAY).parts(), uuid4()
        )
        assert found == []
        assert len(statements) == 1
