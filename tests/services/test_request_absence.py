"""Asking for time off: what it costs, what stands in its way, and what is written."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsencePart, AuditEvent, Employee, LedgerEntry, OutboxMessage, Site
from portal.services import absence_requests, balances
from portal.services.absence_wishes import DayCause, Wish
from tests.factories.absences import AFTERNOON, MORNING, ask, grant, vacation, wish


@pytest.fixture
def granted(as_, cast):
    """Eve and Mats have their 25 days of 2026."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)


def refusal_of(call, *arguments, **named) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value


def test_a_week_with_a_holiday_costs_four_days(as_, cast, granted):
    # 28 September 2026 is a Monday and Czech Statehood Day.
    with as_(cast.eve) as uow:
        preview = absence_requests.preview(uow, wish(uow, date(2026, 9, 26), date(2026, 10, 2)))
    assert [(line.amount, line.cause) for line in preview.lines] == [
        (0, DayCause.NO_WORK),
        (0, DayCause.NO_WORK),
        (0, DayCause.HOLIDAY),
        *[(1000, DayCause.WORK)] * 4,
    ]
    assert preview.lines[2].holiday
    assert preview.total == 4000
    (year,) = preview.years
    assert (year.before, year.charge, year.after) == (25_000, 4_000, 21_000)
    assert preview.problem is None


def test_from_an_afternoon_to_a_morning_costs_halves(as_, cast, granted):
    with as_(cast.eve) as uow:
        asked = wish(uow, date(2026, 8, 3), date(2026, 8, 5), first_part=AFTERNOON, last_part=MORNING)
        assert absence_requests.preview(uow, asked).total == 2000
        assert absence_requests.preview(uow, wish(uow, date(2026, 8, 3), first_part=MORNING)).total == 500


def test_a_site_abroad_has_its_own_holidays(as_, cast, granted):
    """28 October is free in Prague; a site in Berlin works."""
    with as_(cast.ana) as uow:
        site = uow.session.scalars(select(Site).where(Site.id == cast.sites["prague"])).one()
        site.country, site.subdivision = "DE", "BE"
    with as_(cast.eve) as uow:
        assert absence_requests.preview(uow, wish(uow, date(2026, 10, 28))).total == 1000


def test_a_request_reserves_and_tells_the_manager(as_, cast, granted):
    with as_(cast.eve) as uow:
        absence = ask(uow, date(2026, 8, 3), date(2026, 8, 7), note="Sea")
        assert (absence.status, absence.charge, absence.employee_id) == (
            AbsenceStatus.REQUESTED,
            5000,
            cast.eve.employee_id,
        )
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.granted, balance.requested, balance.available) == (25_000, 5_000, 20_000)
        assert not uow.session.scalars(select(LedgerEntry).where(LedgerEntry.absence_id == absence.id)).all()
    with as_(cast.ana) as uow:
        letter = uow.session.scalars(select(OutboxMessage)).one()
        assert (letter.template, letter.employee_id) == ("absence_requested", cast.mats.employee_id)
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        assert (event.action, event.subject_id) == ("absence.requested", absence.id)


def test_without_a_line_manager_nobody_is_written_to(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.otto.employee_id)
    with as_(cast.otto) as uow:
        ask(uow, date(2026, 8, 3))
        assert not uow.session.scalars(select(OutboxMessage)).all()


def test_the_same_form_twice_is_one_request(as_, cast, granted):
    """T157: a double click or a retry with the same key makes one row."""
    form = uuid4()
    with as_(cast.eve) as uow:
        first = ask(uow, date(2026, 8, 3), absence_id=form)
        assert ask(uow, date(2026, 8, 3), absence_id=form) is first
        assert len(uow.session.scalars(select(AbsencePart)).all()) == 1
        assert refusal_of(ask, uow, date(2026, 8, 4), absence_id=form).reason is Reason.CHANGED_MEANWHILE


def test_a_form_that_says_something_else_by_now_is_not_taken_for_sent(as_, cast, granted):
    """T157: other single days, other halves or another note between the same first and last day is another wish."""
    form, monday, tuesday, friday = uuid4(), date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 7)
    with as_(cast.eve) as uow:

        def send(*days: DayPart, note: str = "") -> Absence:
            asked = Wish.of_days(vacation(uow).id, days, note)
            absence = absence_requests.request(uow, form, asked)
            uow.session.flush()
            return absence

        first = send(DayPart(monday), DayPart(friday))
        assert send(DayPart(friday), DayPart(monday)) is first
        for other in (
            [DayPart(monday), DayPart(tuesday), DayPart(friday)],
            [DayPart(monday), DayPart(friday, Part.AM)],
            [DayPart(monday), DayPart(friday, Part.FROM_TO, 540, 600)],
        ):
            assert refusal_of(send, *other).reason is Reason.CHANGED_MEANWHILE
        refused = refusal_of(send, DayPart(monday), DayPart(friday), note="Sea")
        assert refused.reason is Reason.CHANGED_MEANWHILE


def test_a_key_of_somebody_elses_request_leads_nowhere(as_, cast, granted):
    """T157: an id learned elsewhere neither shows nor touches the other person's request."""
    form = uuid4()
    with as_(cast.mats) as uow:
        ask(uow, date(2026, 8, 3), absence_id=form)
    with as_(cast.eve) as uow:
        assert refusal_of(ask, uow, date(2026, 8, 3), absence_id=form).reason is Reason.NOT_FOUND


def test_time_already_asked_for_is_refused_and_the_other_half_is_not(as_, cast, granted):
    """T154: a morning and an afternoon touch and do not overlap, also in two requests."""
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), first_part=MORNING)
        overlapping = refusal_of(ask, uow, date(2026, 8, 1), date(2026, 8, 4))
        assert (overlapping.reason, overlapping.field) == (Reason.ABSENCE_OVERLAPS, "start_date")
        assert refusal_of(ask, uow, date(2026, 8, 3), first_part=MORNING).reason is Reason.ABSENCE_OVERLAPS
        ask(uow, date(2026, 8, 3), first_part=AFTERNOON)


def test_more_than_is_left_is_refused_and_says_how_much_is_missing(as_, cast, granted):
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), date(2026, 8, 28))  # 20 days
        refused = refusal_of(ask, uow, date(2026, 11, 2), date(2026, 11, 10))  # 7 more
    assert (refused.reason, refused.details["missing"]) == (Reason.BALANCE_TOO_LOW, 2000)


def test_over_new_year_each_year_pays_its_own_days(as_, cast, granted):
    with as_(cast.eve) as uow:
        refused = refusal_of(ask, uow, date(2026, 12, 30), date(2027, 1, 5))
        assert (refused.reason, refused.details["date"]) == (Reason.NO_ENTITLEMENT, date(2027, 1, 4))
        grant(uow, cast.eve.employee_id, years=(2027,))
        preview = absence_requests.preview(uow, wish(uow, date(2026, 12, 30), date(2027, 1, 5)))
    assert [(one.year, one.charge) for one in preview.years] == [(2026, 2000), (2027, 2000)]


def test_days_without_work_cannot_be_asked_for(as_, cast, granted):
    with as_(cast.eve) as uow:
        refused = refusal_of(ask, uow, date(2026, 8, 1), date(2026, 8, 2))
    assert refused.reason is Reason.ABSENCE_COSTS_NOTHING


@pytest.mark.parametrize(
    ("start", "end", "more", "reason", "field"),
    [
        ((2026, 8, 7), (2026, 8, 3), {}, Reason.END_BEFORE_START, "end_date"),
        ((2019, 8, 5), (2019, 8, 5), {}, Reason.NO_EMPLOYMENT, "start_date"),
        ((2026, 8, 3), (2027, 8, 10), {}, Reason.PERIOD_TOO_LONG, "end_date"),
        ((1026, 8, 3), (1026, 8, 3), {}, Reason.DATE_OUT_OF_RANGE, "start_date"),
        ((2026, 8, 3), (2026, 8, 5), {"first_part": Part.AM}, Reason.PART_NOT_POSSIBLE, "first_part"),
        ((2026, 8, 3), (2026, 8, 3), {"note": "x" * 1001}, Reason.TOO_LONG, "note"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_at_its_field(
    as_, cast, granted, start, end, more, reason, field
):
    with as_(cast.eve) as uow:
        refused = refusal_of(ask, uow, date(*start), date(*end), **more)
    assert (refused.reason, refused.field) == (reason, field)


def test_another_companys_type_is_unknown(as_, cast, granted):
    """T89: the type of another company is as good as none."""
    with as_(cast.zoe) as uow:
        foreign = wish(uow, date(2026, 8, 3))
    with as_(cast.eve) as uow:
        assert refusal_of(absence_requests.request, uow, uuid4(), foreign).reason is Reason.NOT_FOUND


def test_colleagues_who_are_away_are_named_without_their_reason(as_, cast, granted):
    with as_(cast.mats) as uow:
        ask(uow, date(2026, 8, 4), note="Secret operation")
    with as_(cast.eve) as uow:
        preview = absence_requests.preview(uow, wish(uow, date(2026, 8, 3), date(2026, 8, 4)))
    names = [[(one.name, one.certain) for one in line.away] for line in preview.lines]
    assert names == [[], [(cast.mats.name, False)]]
    assert preview.team_size == 2  # Mats and Pia
    assert "Secret" not in repr(preview)


def test_who_left_is_no_colleague(as_, cast, granted):
    with as_(cast.ana) as uow:
        uow.session.scalars(select(Employee).where(Employee.id == cast.pia.employee_id)).one().active = False
    with as_(cast.eve) as uow:
        assert absence_requests.preview(uow, wish(uow, date(2026, 8, 3))).team_size == 1
