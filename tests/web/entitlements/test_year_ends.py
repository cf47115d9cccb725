"""HR settles a year: the preview by person, posted once, reversed, and what was carried over lapses in its turn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.entitlement_plans import CarryOver, Milestone, Plan, SeniorityUnit
from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.domain.year_ends import LineOutcome, RunStatus
from portal.models import AbsenceType, LedgerEntry, YearEndLine, YearEndRun
from portal.services import accruals, balances, entitlement_plans, entitlements, year_ends
from tests.factories.people import make_employee

PLAN = Plan(
    date(2026, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),), carry_over=CarryOver(5_000, (3, 31))
)


@pytest.fixture
def kind(as_, cast, clock):
    """Vacation by a plan with five days carried over; everybody has the 25 days of 2026, and it is January 2027."""
    with as_(cast.ana) as uow:
        found = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
        entitlement_plans.change(uow, found, PLAN)
        uow.session.flush()
        accruals.post(uow)
    clock.move_to(datetime(2027, 1, 10, 12, tzinfo=UTC))
    return found


def made(as_, cast, kind, year=2026):
    with as_(cast.ana) as uow:
        return year_ends.preview(uow, kind, year)


def sums(uow, member):
    query = select(LedgerEntry.usable_through, func.sum(LedgerEntry.amount)).where(
        LedgerEntry.employee_id == member.employee_id
    )
    rows = uow.session.execute(query.group_by(LedgerEntry.usable_through))
    return {day: int(amount) for day, amount in rows}


def test_hr_previews_approves_and_reverses_a_year(client, as_, cast, kind):
    client.sign_in(cast.ana)
    answer = client.send("year-ends", {"absence_type_id": str(kind), "year": "2026"})
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        run_id = uow.session.scalars(select(YearEndRun.id)).one()
        assert sums(uow, cast.eve) == {date(2026, 12, 31): 25_000}
    page = client.page(f"year-ends/{run_id}")
    assert "Approve and post" in page and "20 days" in page
    assert client.send(f"year-ends/{run_id}/posting", {}).status_code == 303
    with as_(cast.ana) as uow:
        assert sums(uow, cast.eve) == {date(2026, 12, 31): 0, date(2027, 3, 31): 5_000}
        shown = balances.balances_of(uow, cast.eve.employee_id)
        assert [(one.carried, one.available) for one in shown] == [(True, 5_000)]
    ledger = client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "At most 5 days is carried over: 5 days; 20 days lapse." in ledger
    assert client.send(f"year-ends/{run_id}/reversal", {}).status_code == 303
    with as_(cast.ana) as uow:
        assert sums(uow, cast.eve) == {date(2026, 12, 31): 25_000, date(2027, 3, 31): 0}
    assert "Year end reversed" in client.page("audit")


def test_a_year_is_posted_once_and_whoever_changed_waits_for_the_next_run(as_, cast, kind):
    run_id = made(as_, cast, kind)
    with as_(cast.ana) as uow:
        entitlements.adjust(
            uow,
            uuid4(),
            cast.eve.employee_id,
            absence_type_id=kind,
            year=2026,
            amount=-22_000,
            reason="Taken before the portal",
        )
    with as_(cast.ana) as uow:
        year_ends.order(uow, run_id)
        outcomes = dict(uow.session.execute(select(YearEndLine.employee_id, YearEndLine.outcome)).all())
        assert outcomes.pop(cast.eve.employee_id) is LineOutcome.CHANGED
        assert set(outcomes.values()) == {LineOutcome.POSTED}
    with as_(cast.ana) as uow:
        with pytest.raises(Refusal) as refused:
            year_ends.order(uow, run_id)
        assert refused.value.reason is Reason.YEAR_RUN_MOVED_ON
        year_ends.post(uow, run_id)
    again = made(as_, cast, kind)
    with as_(cast.ana) as uow:
        [line] = uow.session.scalars(select(YearEndLine).where(YearEndLine.run_id == again)).all()
        assert (line.employee_id, line.carried, line.lapsed) == (cast.eve.employee_id, 3_000, 0)


def test_a_new_preview_drops_the_older_one_and_the_database_allows_no_second(as_, cast, kind):
    first, second = made(as_, cast, kind), made(as_, cast, kind)
    with as_(cast.ana) as uow:
        states = dict(uow.session.execute(select(YearEndRun.id, YearEndRun.status)).all())
        assert states == {first: RunStatus.DROPPED, second: RunStatus.DRAFT}
        uow.session.add(
            YearEndRun(absence_type_id=kind, year=2026, status=RunStatus.ORDERED, people=0, done=0)
        )
        with pytest.raises(Exception, match="ix_year_end_run_company_id_absence_type_id_year"):
            uow.session.flush()
        uow.session.rollback()


def test_a_year_that_lasts_or_has_no_plan_is_not_settled(client, as_, cast, kind):
    run_id = made(as_, cast, kind, 2027)
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        year_ends.order(uow, run_id)
    assert refused.value.reason is Reason.YEAR_NOT_OVER
    client.sign_in(cast.ana)
    answer = client.send("year-ends", {"absence_type_id": str(kind), "year": "2024"})
    assert answer.status_code == 422 and "had no plan" in answer.get_data(as_text=True)


def test_what_was_carried_over_lapses_on_the_day_after(as_, cast, kind, clock):
    run_id = made(as_, cast, kind)
    with as_(cast.ana) as uow:
        year_ends.order(uow, run_id)
    for day, lapsed in ((31, 0), (32, -5_000)):
        month = datetime(2027, 3, 31, 12, tzinfo=UTC) if day == 31 else datetime(2027, 4, 1, 12, tzinfo=UTC)
        clock.move_to(month)
        with as_(cast.ana) as uow:
            accruals.post_lapses(uow)
            assert accruals.post_lapses(uow) == 0
            query = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
                LedgerEntry.employee_id == cast.eve.employee_id,
                LedgerEntry.kind == EntryKind.EXPIRE,
                LedgerEntry.run_id.is_(None),
            )
            assert uow.session.scalars(query).one() == lapsed


def test_a_preview_asks_as_much_of_the_database_for_many_as_for_few(as_, cast, kind, statements):
    with as_(cast.ana) as uow:
        for number in range(12):
            make_employee(uow, f"p{number}@acme.example", "New", "Person")
        accruals.post(uow)
        statements.clear()
        year_ends.preview(uow, kind, 2027)
        assert len(statements) <= 9


def test_only_hr_settles_years(client, cast, kind):
    for member in (cast.mats, cast.eve):
        assert client.sign_in(member).get("year-ends").status_code in {403, 404}
