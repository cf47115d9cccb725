"""Sickness: what a report does to vacation and the ledger, and that taking it back restores all of it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import EntryKind
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.sickness import SickState
from portal.models import (
    Absence,
    AbsencePart,
    AuditEvent,
    LawPackChoice,
    LedgerEntry,
    OutboxMessage,
    Site,
)
from portal.services import absence_requests, absences, entitlements, outbox
from portal.services.absence_wishes import Wish
from portal.services.sickness import alarms, changing, lists, reporting
from tests.factories.absences import ask, grant, sickness_type, vacation

MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)


@pytest.fixture
def kind(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
        return sickness_type(uow, proof_from_days=4, alarm_days=42)


@pytest.fixture
def week(as_, cast, kind):
    """Eve's approved week of vacation, 3 to 7 August."""
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def ill(uow, kind, start, end=None, *, employee_id=None, **more):
    done = reporting.report(uow, uuid4(), Wish(kind, start, end or start, **more), employee_id)
    uow.session.flush()
    return done


def left(uow, employee_id):
    query = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.employee_id == employee_id)
    return int(uow.session.scalar(query) or 0)


def by_bucket_and_day(uow, employee_id):
    """The ledger as it stands, without how it came to it."""
    key = LedgerEntry.origin_year, LedgerEntry.usable_through, LedgerEntry.effective_date
    query = select(*key, func.sum(LedgerEntry.amount)).where(LedgerEntry.employee_id == employee_id)
    rows = uow.session.execute(query.group_by(*key))
    return {tuple(row[:3]): row[3] for row in rows if row[3]}


def the(uow, absence_id) -> Absence:
    return uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()


def live(uow, absence_id):
    query = select(AbsencePart.date).where(AbsencePart.absence_id == absence_id, AbsencePart.live)
    return [day.day for day in uow.session.scalars(query.order_by(AbsencePart.date))]


def refusal_of(call, *arguments, **named) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value


def test_a_report_counts_at_once_and_waits_for_hr(as_, cast, kind):
    with as_(cast.eve) as uow:
        absence = ill(uow, kind, MONDAY, WEDNESDAY).absence
        assert (absence.status, absence.sick, absence.charge) == (AbsenceStatus.APPROVED, True, 3000)
    with as_(cast.ana) as uow:
        (line,) = lists.list_reports(uow).lines
        assert (line.state, line.days, line.can_accept) == (SickState.REPORTED, 3, True)
        changing.accept(uow, absence.id, version=line.version)
        assert not lists.list_reports(uow).lines
    with as_(cast.eve) as uow:
        changing.extend(uow, absence.id, FRIDAY, version=the(uow, absence.id).version)
    with as_(cast.ana) as uow:
        (line,) = lists.list_reports(uow).lines
        assert (line.state, line.end_date) == (SickState.EXTENDED, FRIDAY)
        actions = set(uow.session.scalars(select(AuditEvent.action)))
    assert {"absence.reported", "absence.accepted", "absence.extended"} <= actions


def test_sick_during_vacation_gives_the_days_back_in_one_action(as_, cast, kind, week):
    """The middle of a week: two days go back into the year they came from, three stay."""
    with as_(cast.eve) as uow:
        (displaced,) = ill(uow, kind, date(2026, 8, 4), WEDNESDAY).displaced
        assert (displaced.amount, [day.day for day in displaced.days]) == (2000, [4, 5])
        assert left(uow, cast.eve.employee_id) == 22_000
        absence = the(uow, week)
        assert (absence.charge, absence.single_days, live(uow, week)) == (3000, True, [3, 6, 7])


def test_taking_the_report_back_restores_everything(as_, cast, kind, week):
    with as_(cast.eve) as uow:
        before = by_bucket_and_day(uow, cast.eve.employee_id)
        absence = ill(uow, kind, MONDAY, FRIDAY).absence
        assert the(uow, week).status is AbsenceStatus.CANCELLED
        assert left(uow, cast.eve.employee_id) == 25_000
        changing.undo(uow, absence.id, version=absence.version)
        uow.session.flush()
        assert by_bucket_and_day(uow, cast.eve.employee_id) == before
        again = the(uow, week)
        assert (again.status, again.start_date, again.end_date, again.charge) == (
            AbsenceStatus.APPROVED, MONDAY, FRIDAY, 5000,
        )  # fmt: skip
        assert (live(uow, week), live(uow, absence.id)) == ([3, 4, 5, 6, 7], [])
        assert the(uow, absence.id).status is AbsenceStatus.CANCELLED


def test_ending_earlier_brings_the_later_days_back(as_, cast, kind, week):
    with as_(cast.ana) as uow:
        absence = ill(uow, kind, MONDAY, FRIDAY, employee_id=cast.eve.employee_id).absence
        changing.end_earlier(uow, absence.id, WEDNESDAY, version=absence.version)
        uow.session.flush()
        assert left(uow, cast.eve.employee_id) == 23_000
        assert (live(uow, week), live(uow, absence.id)) == ([6, 7], [3, 4, 5])
        changing.extend(uow, absence.id, FRIDAY, version=the(uow, absence.id).version)
        uow.session.flush()
        assert (live(uow, week), live(uow, absence.id)) == ([], [3, 4, 5, 6, 7])
        assert left(uow, cast.eve.employee_id) == 25_000
        changing.undo(uow, absence.id, version=the(uow, absence.id).version)
        uow.session.flush()
        assert left(uow, cast.eve.employee_id) == 20_000


def test_days_go_back_into_an_entitlement_that_has_lapsed_and_come_out_of_it_again(as_, cast, kind, week):
    """The bucket of the days is over and its rest has lapsed: they go there all the same, and undoing finds them."""
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.absence_id == week)).all()
        bucket = {name: getattr(rows[0], name) for name in ("origin_year", "usable_from", "usable_through")}
        absence = ill(uow, kind, MONDAY, MONDAY, employee_id=cast.eve.employee_id).absence
        lapse = LedgerEntry(
            employee_id=cast.eve.employee_id, absence_type_id=rows[0].absence_type_id, kind=EntryKind.EXPIRE,
            amount=-21_000, effective_date=date(2027, 1, 1), rule="lapse", reason="", **bucket,
        )  # fmt: skip
        uow.session.add(lapse)
        uow.session.flush()
        assert left(uow, cast.eve.employee_id) == 0
        changing.undo(uow, absence.id, version=absence.version)
        uow.session.flush()
        assert left(uow, cast.eve.employee_id) == 0
        kinds = [
            row.kind for row in uow.session.scalars(select(LedgerEntry).order_by(LedgerEntry.created_at))
        ]
        assert kinds.count(EntryKind.EXPIRE) == 2
        assert live(uow, week) == [3, 4, 5, 6, 7]


def test_what_was_used_meanwhile_is_not_taken_again(as_, cast, kind, week):
    with as_(cast.ana) as uow:
        absence = ill(uow, kind, MONDAY, FRIDAY, employee_id=cast.eve.employee_id).absence
        entitlements.adjust(
            uow,
            uuid4(),
            cast.eve.employee_id,
            absence_type_id=vacation(uow).id,
            year=2026,
            amount=-21_000,
            reason="Used",
        )
        uow.session.flush()
        refused = refusal_of(changing.undo, uow, absence.id, version=absence.version)
    assert (refused.reason, refused.details["missing"]) == (Reason.BALANCE_TOO_LOW, 1000)


def test_a_waiting_request_loses_the_days_and_another_report_does_not_give_way(as_, cast, kind):
    with as_(cast.eve) as uow:
        waiting = ask(uow, MONDAY, FRIDAY).id
        (displaced,) = ill(uow, kind, MONDAY, WEDNESDAY).displaced
        assert displaced.waiting
        assert (the(uow, waiting).start_date.day, the(uow, waiting).charge) == (6, 2000)
        refused = refusal_of(reporting.report, uow, uuid4(), Wish(kind, WEDNESDAY, FRIDAY))
        assert refused.reason is Reason.ABSENCE_OVERLAPS
        ill(uow, kind, date(2026, 8, 6), FRIDAY)
        assert the(uow, waiting).status is AbsenceStatus.WITHDRAWN


def test_half_a_day_of_sickness(as_, cast, kind, week):
    with as_(cast.eve) as uow:
        refused = refusal_of(reporting.report, uow, uuid4(), Wish(kind, MONDAY, FRIDAY, first_part=Part.PM))
        assert refused.reason is Reason.SICKNESS_SPLITS_DAY
        assert ill(uow, kind, date(2026, 8, 10), first_part=Part.PM).absence.charge == 500


def test_who_may_what(as_, cast, kind):
    """T151, T158: reach and version hold for reports as for decisions."""
    eve = cast.eve.employee_id
    with as_(cast.otto) as uow:
        assert (
            refusal_of(reporting.report, uow, uuid4(), Wish(kind, MONDAY, MONDAY), eve).reason
            is Reason.NOT_FOUND
        )
    with as_(cast.mats) as uow:
        absence = ill(uow, kind, MONDAY, FRIDAY, employee_id=eve).absence
        refused = refusal_of(changing.accept, uow, absence.id, version=absence.version)
        assert refused.reason is Reason.NOT_FOUND  # managers report, HR accepts
        mine = ill(uow, kind, MONDAY).absence
    with as_(cast.pia) as uow:
        assert refusal_of(changing.undo, uow, absence.id, version=absence.version).reason is Reason.NOT_FOUND
    with as_(cast.ana) as uow:
        stale = refusal_of(changing.accept, uow, absence.id, version=1)
        assert stale.reason is Reason.CHANGED_MEANWHILE
        changing.accept(uow, absence.id, version=absence.version)
        changing.accept(uow, mine.id, version=mine.version)
        own = ill(uow, kind, MONDAY).absence
        assert refusal_of(changing.accept, uow, own.id, version=own.version).reason is Reason.OWN_REQUEST
    with as_(cast.eve) as uow:
        version = the(uow, absence.id).version
        refused = refusal_of(changing.undo, uow, absence.id, version=version)
        assert refused.reason is Reason.SICKNESS_ALREADY_ACCEPTED
        assert refusal_of(absences.cancel, uow, absence.id, version=version).reason is Reason.NOT_PERMITTED
        too_early = refusal_of(changing.end_earlier, uow, absence.id, FRIDAY, version=version)
        assert too_early.reason is Reason.SICKNESS_NOT_SHORTER
        not_longer = refusal_of(changing.extend, uow, absence.id, FRIDAY, version=version)
        assert not_longer.reason is Reason.SICKNESS_NOT_LONGER


def test_sickness_is_not_asked_for(as_, cast, kind):
    with as_(cast.eve) as uow:
        refused = refusal_of(absence_requests.request, uow, uuid4(), Wish(kind, MONDAY, MONDAY))
        assert refused.reason is Reason.SICKNESS_IS_REPORTED
        other = Wish(vacation(uow).id, MONDAY, MONDAY)
        assert refusal_of(reporting.report, uow, uuid4(), other).reason is Reason.NOT_FOUND


def test_no_letter_says_that_somebody_is_ill(as_, cast, kind, clock):
    """Mail is read on the way: it says that somebody is away, and until when."""
    with as_(cast.eve) as uow:
        absence = ill(uow, kind, date(2026, 6, 15), date(2026, 7, 24)).absence
        changing.extend(uow, absence.id, date(2026, 7, 31), version=absence.version)
    clock.move_to(clock.now().replace(month=7, day=20))
    with as_(cast.ana) as uow:
        assert alarms.watch(uow) == 2
        assert alarms.watch(uow) == 0  # a second run on the same day
        letters = outbox.list_latest(uow)
        templates = sorted(uow.session.scalars(select(OutboxMessage.template)))
    assert templates == ["absence_long", "absence_reported", "absence_reported", "proof_missing"]
    for letter in letters:
        assert not {"sick", "ill"} & {
            word.strip(".,:").lower() for word in f"{letter.subject} {letter.text}".split()
        }
        assert "Sickness" not in letter.subject + letter.text


@pytest.mark.parametrize(
    ("rules", "country", "pack", "told"),
    [
        ({}, None, None, True),  # Prague: 14 days
        ({}, "DE", None, False),  # 42 days are far away
        ({}, "SK", None, True),  # 14 days since 2026
        ({}, "US", None, False),  # no pack is known
        ({}, "DE", "CZ", True),  # somebody has chosen another pack for the site
        ({"alarm_days": 0}, None, None, False),
        ({"alarm_days": 30}, None, None, False),
        ({"alarm_days": 16}, "DE", None, True),
    ],
)
def test_the_law_of_the_site_sets_the_limit_unless_the_type_does(
    as_, cast, clock, rules, country, pack, told
):
    """Eve, of Prague, is ill for sixteen days from 15 June; on the 24th somebody looks."""
    with as_(cast.ana) as uow:
        kind = sickness_type(uow, **rules)
        site = uow.session.scalars(select(Site).where(Site.id == cast.sites["prague"])).one()
        site.country = country or site.country
        if pack:
            uow.session.add(LawPackChoice(site_id=site.id, pack=pack, reason="Posted there"))
    with as_(cast.eve) as uow:
        absence = ill(uow, kind, date(2026, 6, 15), date(2026, 6, 19)).absence
        changing.extend(uow, absence.id, date(2026, 6, 30), version=absence.version)
    clock.move_to(clock.now().replace(day=24))
    with as_(cast.ana) as uow:
        alarms.watch(uow)
        templates = list(uow.session.scalars(select(OutboxMessage.template)))
        assert ("absence_long" in templates) is told


def test_the_list_takes_as_many_statements_for_many(as_, cast, kind, statements):
    with as_(cast.eve) as uow:
        for day in range(3, 8):
            ill(uow, kind, date(2026, 8, day))
    with as_(cast.ana) as uow:
        statements.clear()
        assert len(lists.list_reports(uow).lines) == 5
    assert len(statements) <= 4
