"""Rules of staffing by name: people, exceptions, types, hours, parts of the year, and who may approve past one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absence_types import Unit
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect, Metric, Override, RulePart, Season, YearDay
from portal.models import AbsenceType, AuditEvent, StaffingRulePart
from portal.services import absences
from portal.services.staffing import naming, rules, watch
from tests.factories.absences import AFTERNOON, MORNING, ask, grant
from tests.factories.staffing import make_rule

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)
COUNTED, EXCEPTED, OVERRIDES = RulePart.COUNTED, RulePart.EXCEPTED, RulePart.OVERRIDES


@pytest.fixture
def care(as_, cast):
    """Everybody has their entitlement. Answers a function by which HR makes a rule."""
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("ana", "mats", "eve", "pia", "otto")))

    def rule(**more):
        with as_(cast.ana) as uow:
            return make_rule(uow, **more)

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


def test_not_both_of_two_whatever_their_teams(as_, cast, care):
    """Eve is away, so Otto is not; Pia, who is not named, is."""
    care(metric=Metric.NOT_ALL_AWAY, emails={COUNTED: [cast.eve.email, cast.otto.email]})
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY, first_part=MORNING))
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.otto, MONDAY)
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.otto, MONDAY, first_part=MORNING)
    sent(as_, cast.otto, MONDAY, first_part=AFTERNOON)
    sent(as_, cast.pia, MONDAY)


def test_nobody_may_be_away_in_december_but_for_those_it_leaves_out(as_, cast, care):
    """A block of every year with allowed exceptions: whoever is left out goes, and does not count as away."""
    december = Season(YearDay(12, 1), YearDay(12, 24))
    care(team_id=cast.teams["care"], season=december, emails={EXCEPTED: [cast.pia.email]})
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.eve, date(2026, 12, 1))
    sent(as_, cast.eve, date(2026, 11, 30))
    sent(as_, cast.eve, date(2026, 12, 28))
    approve(as_, cast.mats, sent(as_, cast.pia, date(2026, 12, 1)))
    with as_(cast.ana) as uow:
        (line,) = rules.list_rules(uow)
        assert rules.preview(uow, line.facts) == []


def test_only_the_types_it_names_count(as_, cast, care):
    """A rule for another type neither stops vacation nor counts it."""
    with as_(cast.ana) as uow:
        other = AbsenceType(key="unpaid", name="Unpaid leave", code="UL", colour="grey", unit=Unit.HALF)
        uow.session.add(other)
        uow.session.flush()
        other_id, vacation = (
            other.id,
            uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one(),
        )
    rule_id = care(team_id=cast.teams["care"], types=[other_id])
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY))
    with as_(cast.ana) as uow:
        (line,) = rules.list_rules(uow)
        assert rules.preview(uow, line.facts) == []
        rules.remove(uow, rule_id)
    care(team_id=cast.teams["care"], types=[vacation])
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.pia, MONDAY)
    with as_(cast.ana) as uow:
        (line,) = rules.list_rules(uow)
        assert [one.date for one in rules.preview(uow, line.facts)] == [MONDAY]


def test_half_days_count_where_they_meet_the_hours(as_, cast, care):
    care(team_id=cast.teams["care"], hours=(8 * 60, 12 * 60))
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.eve, MONDAY, first_part=MORNING)
    sent(as_, cast.eve, MONDAY, first_part=AFTERNOON)


def test_two_in_the_same_morning_are_away_at_once(as_, cast, care):
    """At least two of three: a morning each, and the third one has to be there in the morning."""
    care(metric=Metric.LEAST_PRESENT, amount=2, team_id=cast.teams["care"])
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY, first_part=MORNING))
    refused(Reason.STAFFING_BLOCKED, sent, as_, cast.pia, MONDAY, first_part=MORNING)
    sent(as_, cast.pia, MONDAY, first_part=AFTERNOON)


@pytest.mark.parametrize(
    ("override", "hr", "manager"),
    [(Override.RIGHT, True, False), (Override.NAMED, False, True), (Override.NOBODY, False, False)],
)
def test_who_may_approve_past_it_each_rule_says(as_, cast, care, override, hr, manager):
    """The right of HR, Mats by name, or nobody; always ticked and with a reason."""
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY).id
    care(team_id=cast.teams["care"], override=override, emails={OVERRIDES: [cast.mats.email]})
    for who, may in sorted(((cast.ana, hr), (cast.mats, manager)), key=lambda one: one[1]):
        if not may:
            refused(
                *(Reason.STAFFING_BLOCKED, approve, as_, who, absence_id), note="Please", breaches_seen=True
            )
            continue
        refused(Reason.STAFFING_NOT_SEEN, approve, as_, who, absence_id, note="Please")
        approve(as_, who, absence_id, note="Please", breaches_seen=True)


def test_whom_it_names_is_checked_and_the_log_keeps_who_came_and_went(as_, cast, care):
    both = {COUNTED: [cast.eve.email, cast.otto.email]}
    for reason, more in (
        (Reason.STAFFING_NOBODY_CALLED_SO, {"emails": {COUNTED: ["nobody@acme.example"]}}),
        (
            Reason.STAFFING_NAMES_TOO_FEW,
            {"metric": Metric.NOT_ALL_AWAY, "emails": {COUNTED: [cast.eve.email]}},
        ),
        (Reason.STAFFING_COUNTS_NOBODY, {"emails": both | {EXCEPTED: both[COUNTED]}}),
        (Reason.MISSING, {"override": Override.NAMED}),
    ):
        refused(reason, care, **more)
    rule_id = care(emails=both)
    with as_(cast.ana) as uow:
        facts = rules.get(uow, rule_id)
        assert [one.name for one in facts.named] == [cast.eve.name, cast.otto.name]
        named = naming.find(uow, {COUNTED: [cast.eve.email]}, [])
        rules.change(uow, rule_id, type(facts)(rule_id, facts.name, facts.rule, named=named))
    with as_(cast.ana) as uow:
        assert len(uow.session.scalars(select(StaffingRulePart)).all()) == 1
        told = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action.like("staffing-rule.names%")).order_by(AuditEvent.seq)
        )
        assert [(one.action, json.loads(one.payload)["facts"]["named_as"]) for one in told] == [
            ("staffing-rule.names-more", "counted"),
            ("staffing-rule.names-more", "counted"),
            ("staffing-rule.names-less", "counted"),
        ]
        rules.remove(uow, rule_id)


def test_something_else_changes_and_the_same_rules_find_it(as_, cast, care):
    """By the same evaluation: the nightly look sees the two in one morning too."""
    approve(as_, cast.mats, sent(as_, cast.eve, MONDAY, first_part=MORNING))
    approve(as_, cast.ana, sent(as_, cast.otto, MONDAY, first_part=MORNING))
    approve(as_, cast.mats, sent(as_, cast.eve, TUESDAY, first_part=MORNING))
    approve(as_, cast.ana, sent(as_, cast.otto, TUESDAY, first_part=AFTERNOON))
    care(
        metric=Metric.NOT_ALL_AWAY,
        effect=Effect.INFO,
        emails={COUNTED: [cast.eve.email, cast.otto.email]},
    )
    with as_(cast.ana) as uow:
        assert watch.look(uow) == 1
        assert [line.first_broken for line in rules.list_rules(uow)] == [MONDAY]
