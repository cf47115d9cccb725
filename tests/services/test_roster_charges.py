"""Days off of people who work by the roster: an average day at first, the shift of the day once it is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.models import (
    Absence,
    AbsencePart,
    AuditEvent,
    Employment,
    LedgerEntry,
    OutboxMessage,
    ReleasedShift,
    Shift,
)
from portal.services import (
    absence_requests,
    absence_types,
    absences,
    balances,
    employments,
    outbox,
    roster_publishing,
    terms_preview,
)
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.ledger_rules import FIRST_TO_EXPIRE, ROSTER_PUBLISHED
from portal.services.working_time import working_time
from tests.factories.absences import ask, grant
from tests.factories.rosters import draft, make_template, plan, publish

#: Monday to Friday in June, which nobody has off.
MONDAY = date(2026, 6, 22)
DAYS = [MONDAY + timedelta(days=day) for day in range(5)]


@pytest.fixture
def eve(as_, cast):
    """Eve works by the roster, 40 hours a week; a long shift lasts ten hours and a half, a short one four."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = True
        make_template(uow, "X", "07:00", "18:00", 30)
        make_template(uow, "K", "08:00", "12:00")
    return cast.eve.employee_id


def approved(as_, cast, first, last, *, approve=True, **more):
    with as_(cast.eve) as uow:
        absence_id = ask(uow, first, last, **more).id
    if approve:
        with as_(cast.mats) as uow:
            absences.approve(uow, absence_id, version=1)
    return absence_id


def roster(as_, cast, *planned):
    with as_(cast.ana) as uow:
        roster_id = draft(uow, cast.teams["care"], *planned)
        publish(uow, roster_id)
    return roster_id


def costs(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        query = select(AbsencePart).where(AbsencePart.absence_id == absence_id).order_by(AbsencePart.date)
        parts = [part.charge for part in uow.session.scalars(query)]
        total = uow.session.get_one(Absence, (uow.company.id, absence_id)).charge
        assert total == sum(parts)
        return parts


def ledger(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        query = (
            select(LedgerEntry)
            .where(LedgerEntry.absence_id == absence_id)
            .order_by(LedgerEntry.effective_date)
        )
        return [(row.effective_date, row.kind, row.amount, row.rule) for row in uow.session.scalars(query)]


def scheduled(as_, cast, person_id):
    with as_(cast.ana) as uow:
        time = working_time(uow, person_id, DAYS[0], DAYS[-1])
        return [time.scheduled(day) for day in DAYS]


def test_an_average_day_until_it_is_published_then_the_shift_or_nothing(as_, cast, eve):
    assert scheduled(as_, cast, eve) == [480] * 5
    week = approved(as_, cast, DAYS[0], DAYS[-1])
    assert costs(as_, cast, week) == [1_000] * 5
    roster(as_, cast, (eve, DAYS[0], "X"), (eve, DAYS[2], "K"))
    assert costs(as_, cast, week) == [1_000, 0, 1_000, 0, 0], "free days of the roster cost nothing"
    assert scheduled(as_, cast, eve) == [630, 0, 240, 0, 0]
    told = ledger(as_, cast, week)
    taken = {(day, amount) for day, kind, amount, rule in told if rule == FIRST_TO_EXPIRE}
    assert taken == {(day, -1_000) for day in DAYS}, "nothing is overwritten"
    back = [(day, kind, amount) for day, kind, amount, rule in told if rule == ROSTER_PUBLISHED]
    assert back == [(day, EntryKind.RELEASE, 1_000) for day in (DAYS[1], DAYS[3], DAYS[4])]
    with as_(cast.ana) as uow:
        action = AuditEvent.action == "absence.priced-by-roster"
        assert uow.session.scalars(select(AuditEvent.subject_id).where(action)).all() == [week]


def test_what_was_planned_on_a_day_off_falls_open_and_is_no_news_to_the_person(as_, cast, eve):
    week = approved(as_, cast, DAYS[0], DAYS[1])
    roster_id = roster(as_, cast, (eve, DAYS[0], "X"), (eve, DAYS[4], "K"))
    with as_(cast.ana) as uow:
        kept = uow.session.scalars(select(Shift.date).where(Shift.employee_id == eve)).all()
        released = uow.session.scalars(select(ReleasedShift)).one()
        assert kept == [DAYS[4]]
        assert (released.date, released.absence_id, released.paid_minutes) == (DAYS[0], week, 630)
        with pytest.raises(Refusal) as refused:
            plan(uow, roster_id, eve, DAYS[0], "K")
        assert refused.value.reason is Reason.SHIFT_ON_ABSENCE
    with as_(cast.ana) as uow:
        letters = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "roster_published")
        ).all()
        assert len(letters) <= 1


def letters(as_, cast):
    """Those about prices: to whom, and the lines of the days."""
    with as_(cast.ana) as uow:
        found = [one for one in outbox.list_latest(uow) if "costs something else" in one.subject]
        return [(one.to, [line for line in one.text.splitlines() if line.startswith("- ")]) for one in found]


def test_the_owner_is_written_which_day_cost_what_before_and_after(as_, cast, eve):
    approved(as_, cast, DAYS[0], DAYS[2])
    roster_id = roster(as_, cast, (eve, DAYS[0], "X"), (eve, DAYS[2], "K"))
    said = ["- Tue 23 Jun 2026: 1 day -> 0 days"]
    assert letters(as_, cast) == [(cast.eve.email, said)]
    with as_(cast.ana) as uow:
        plan(uow, roster_id, cast.mats.employee_id, DAYS[1], "K")
        publish(uow, roster_id)
    assert len(letters(as_, cast)) == 1, "nothing changed for her by it"


def test_planners_are_told_before_it_and_exactly_what_then_happens(as_, cast, eve):
    week = approved(as_, cast, DAYS[0], DAYS[-1])
    with as_(cast.ana) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, DAYS[0], "X"), (eve, DAYS[2], "K"))
    with as_(cast.pia) as uow:
        (leave,) = roster_publishing.preview(uow, roster_id).repriced
        assert leave.name.startswith("Eve")
        assert leave.days == [(day, 1_000, 0) for day in (DAYS[1], DAYS[3], DAYS[4])]
        assert (leave.before, leave.after) == (3_000, 0)
    assert costs(as_, cast, week) == [1_000] * 5 and letters(as_, cast) == [], "it only looks"
    with as_(cast.ana) as uow:
        publish(uow, roster_id)
    assert costs(as_, cast, week) == [1_000, 0, 1_000, 0, 0]
    with as_(cast.ana) as uow:
        plan(uow, roster_id, eve, date(2026, 6, 29), "K")
        assert roster_publishing.preview(uow, roster_id).repriced == [], "what is published is priced already"


def test_what_planners_may_not_know_stays_a_day_off(as_, cast, eve):
    with as_(cast.ana) as uow:
        look, rules = TypeLook("Family matters", "F", "teal"), TypeRules(yearly_entitlement=5_000)
        kind = absence_types.create(uow, look, replace(rules, colleagues_see=False)).id
        uow.session.flush()
        grant(uow, eve)
    with as_(cast.eve) as uow:
        absence_requests.request(uow, uuid4(), Wish(kind, DAYS[0], DAYS[1]))
    with as_(cast.ana) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, DAYS[0], "X"))
        (leave,) = roster_publishing.preview(uow, roster_id).repriced
        assert leave.kind is not None and leave.kind.name == "Family matters"
    with as_(cast.pia) as uow:
        (leave,) = roster_publishing.preview(uow, roster_id).repriced
        assert (leave.kind, leave.before, leave.after) == (None, 1_000, 0)


def test_hours_are_those_of_the_shift_and_may_go_below_zero(as_, cast, eve, client):
    with as_(cast.ana) as uow:
        rules = TypeRules(yearly_entitlement=480, unit=Unit.HOUR)
        look = TypeLook("Hours off", "H", "teal")
        kind = absence_types.create(uow, look, rules, counting=CountingMethod.HOURS).id
        uow.session.flush()
        grant(uow, eve)
    with as_(cast.eve) as uow:
        day = absence_requests.request(uow, uuid4(), Wish(kind, DAYS[0], DAYS[0])).id
    with as_(cast.mats) as uow:
        absences.approve(uow, day, version=1)
    assert costs(as_, cast, day) == [480]
    roster(as_, cast, (eve, DAYS[0], "X"))
    assert costs(as_, cast, day) == [630]
    with as_(cast.ana) as uow:
        held = sum(one.amount for one in balances.entries_of(uow, eve, kind))
        assert held == 480 - 630, "publishing is never stopped by it"
    client.sign_in(cast.eve)
    said = client.page(f"people/{eve}/ledger?year=2026")
    assert "By the published roster: what your shift of that day takes" in said
    rows = [(kind, amount) for _day, kind, amount, rule in ledger(as_, cast, day) if rule == ROSTER_PUBLISHED]
    assert sorted(rows) == [(EntryKind.CONSUME, -630), (EntryKind.RELEASE, 480)]


def test_a_change_of_the_published_roster_is_priced_again_also_for_who_still_waits(as_, cast, eve):
    waiting = approved(as_, cast, DAYS[0], DAYS[1], approve=False)
    roster_id = roster(as_, cast, (eve, DAYS[0], "X"))
    assert costs(as_, cast, waiting) == [1_000, 0]
    assert ledger(as_, cast, waiting) == []
    with as_(cast.ana) as uow:
        plan(uow, roster_id, eve, DAYS[1], "K")
        publish(uow, roster_id)
    assert costs(as_, cast, waiting) == [1_000, 1_000]
    with as_(cast.mats) as uow, pytest.raises(Refusal) as refused:
        absences.approve(uow, waiting, version=1)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE, "whoever decides sees the new price first"


def test_who_asks_after_the_publishing_pays_by_the_roster_at_once(as_, cast, eve):
    roster(as_, cast, (eve, DAYS[0], "X"), (eve, DAYS[3], "K"))
    week = approved(as_, cast, DAYS[0], DAYS[-1])
    assert costs(as_, cast, week) == [1_000, 0, 0, 1_000, 0]
    assert scheduled(as_, cast, eve) == [630, 0, 0, 240, 0], "freed shifts still count as theirs"


def test_days_of_people_who_do_not_work_by_the_roster_stay_as_they_are(as_, cast, eve):
    with as_(cast.ana) as uow:
        grant(uow, cast.pia.employee_id)
    with as_(cast.pia) as uow:
        absence_id = ask(uow, DAYS[0], DAYS[1]).id
    roster(as_, cast, (eve, DAYS[0], "X"))
    assert costs(as_, cast, absence_id) == [1_000, 1_000]


def test_the_preview_of_other_terms_knows_the_roster(as_, cast, eve):
    """Nothing is planned for her but Monday: by the roster one of five days would cost something."""
    with as_(cast.ana) as uow:
        uow.session.scalars(select(Employment).where(Employment.employee_id == eve)).one().by_roster = False
    approved(as_, cast, DAYS[0], DAYS[-1])
    roster(as_, cast, (cast.mats.employee_id, DAYS[0], "X"))
    with as_(cast.ana) as uow:
        now = employments.terms_at(employments.list_of(uow, eve), DAYS[0])
        (change,) = terms_preview.preview(uow, eve, replace(now, by_roster=True), DAYS[1]).absences
        assert (change.before, change.after) == (5_000, 1_000), "Monday is priced by the days of before"
