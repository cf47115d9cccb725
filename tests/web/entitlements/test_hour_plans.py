"""A type that counts hours gives by a plan: typed, previewed, posted, explained, carried over and told of in hours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules
from portal.domain.working_patterns import WorkingPattern
from portal.models import Employment, EntitlementPlan, LedgerEntry, YearEndRun
from portal.services import absence_types, accruals
from portal.services.absence_types import TypeLook
from tests.fixtures.letters import latest

#: Four weeks: at 37:30 hours a week, 150 hours.
FORM = {
    "valid_from": "2026-01-01",
    "yearly_days": "160",
    "after_1": "40",
    "unit_1": "years",
    "days_1": "200:00",
    **{f"unit_{number}": "years" for number in (2, 3)},
    "basis": "calendar",
    "frequency": "monthly",
    "given_at": "start",
    "year_month": "1",
    "by_schedule": "y",
    "rounding": "nearest",
    "grain": "15",
    "carry_cap": "37:30",
    "carry_through": "3-31",
    "carry_protected": "7,5",
    "carries_debt": "y",
}


@pytest.fixture
def kind(as_, cast):
    """Vacation in hours; Eve works 37:30 a week."""
    with as_(cast.ana) as uow:
        rules = TypeRules(yearly_entitlement=9_600)
        row = absence_types.create(uow, TypeLook("Care", "C", "teal"), rules, counting=CountingMethod.HOURS)
        mine = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        for employment in uow.session.scalars(mine):
            employment.pattern = list(WorkingPattern.spread(37 * 60 + 30).minutes)
        uow.session.flush()
        return row.id


def saved(client, cast, kind, **more):
    return client.sign_in(cast.ana).send(f"absence-types/{kind}/plan", {**FORM, **more})


def test_hr_types_hours_and_reads_them_again(client, as_, cast, kind):
    client.sign_in(cast.ana)
    assert f"absence-types/{kind}/plan" in client.page(f"absence-types/{kind}")
    page = client.page(f"absence-types/{kind}/plan")
    assert "Hours a year" in page and 'value="160"' in page and "0:15 h" in page
    assert saved(client, cast, kind).status_code == 303
    page = client.page(f"absence-types/{kind}/plan")
    assert "160:00 h a year. 200:00 h a year after 40 years here. Month by month." in page
    assert "At most 37:30 h is carried over, usable through March 31." in page
    assert "7:30 h of it is usable through the whole next year." in page
    assert 'value="37:30"' in page and 'value="7:30"' in page
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(EntitlementPlan)).one()
        assert row.milestones == "0 days 9600\n40 years 12000"
        assert (row.carry_cap, row.carry_protected, row.grain) == (2_250, 450, 15)


@pytest.mark.parametrize("wrong", ["7:60", "0.001", "6001", "-8", "1e9", "x", "9" * 400])
def test_what_are_no_hours_is_said_at_its_field(client, as_, cast, kind, wrong):
    answer = saved(client, cast, kind, carry_cap=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'href="#carry_cap"' in page and "such as 7:30" in page
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(EntitlementPlan)).all() == []


def test_the_preview_and_the_ledger_explain_the_hours(client, as_, cast, kind):
    """150 hours a year are 12:30 a month; what is due in June is posted and opened in hours."""
    client.sign_in(cast.ana)
    tried = client.send(f"absence-types/{kind}/plan/preview", {**FORM, "person": cast.eve.email})
    page = tried.get_data(as_text=True)
    assert "in 2026: 150:00 h" in page and "15/16 of a full week" in page
    saved(client, cast, kind)
    with as_(cast.ana) as uow:
        accruals.post(uow)
        mine = LedgerEntry.employee_id == cast.eve.employee_id, LedgerEntry.absence_type_id == kind
        assert list(uow.session.scalars(select(LedgerEntry.amount).where(*mine))) == [750] * 6
    ledger = client.page(f"people/{cast.eve.employee_id}/ledger")
    assert (
        "+12:30 h" in ledger and "160:00 h a year × 1/12 of the year × 15/16 of a full week = 12.5." in ledger
    )
    assert "75:00 h" in client.page(f"people/{cast.eve.employee_id}/ledger?as_of=2026-06-15")
    log = client.page("audit")
    assert "Hours granted in total" in log and "Granted in total" not in log


def test_an_agreement_is_typed_in_hours(client, as_, cast, kind):
    saved(client, cast, kind, frequency="yearly")
    with as_(cast.ana) as uow:
        accruals.post(uow)
    address = f"people/{cast.eve.employee_id}/agreed-entitlements"
    form = {"absence_type_id": str(kind), "valid_from": "2026-01-01", "by": "own", "reason": "Contract"}
    assert client.send(address, {**form, "yearly_days": "7:75"}).status_code == 422
    assert client.send(address, {**form, "yearly_days": "176:00"}).status_code == 303
    with as_(cast.ana) as uow:
        mine = LedgerEntry.employee_id == cast.eve.employee_id, LedgerEntry.absence_type_id == kind
        assert sum(uow.session.scalars(select(LedgerEntry.amount).where(*mine))) == 176 * 60 * 15 // 16


def test_letters_and_the_year_end_are_in_hours(client, as_, cast, kind, clock):
    saved(client, cast, kind, frequency="yearly")
    with as_(cast.ana) as uow:
        accruals.post(uow)
    assert client.send("lapse-notices", {"through": "2026-12-31"}).status_code == 303
    with as_(cast.ana) as uow:
        assert "150:00 h" in latest(uow, cast.eve.email).text
    assert "150:00 h" in client.page("lapse-notices")
    clock.move_to(datetime(2027, 1, 10, 12, tzinfo=UTC))
    client.sign_in(cast.ana)
    assert client.send("year-ends", {"absence_type_id": str(kind), "year": "2026"}).status_code == 303
    with as_(cast.ana) as uow:
        run_id = uow.session.scalars(select(YearEndRun.id)).one()
    page = client.page(f"year-ends/{run_id}")
    assert "150:00 h" in page and "37:30 h" in page and "112:30 h" in page
    assert client.send(f"year-ends/{run_id}/posting", {}).status_code == 303
    with as_(cast.ana) as uow:
        mine = LedgerEntry.employee_id == cast.eve.employee_id, LedgerEntry.absence_type_id == kind
        left = select(LedgerEntry.usable_through, LedgerEntry.amount).where(*mine)
        carried = {day: amount for day, amount in uow.session.execute(left) if day.year == 2027}
        assert carried == {date(2027, 3, 31): 1_800, date(2027, 12, 31): 450}
    ledger = client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "At the end of 2026 150:00 h were left." in ledger


def test_full_multiples_of_the_weekly_hours_are_saved_tried_out_and_explained(client, as_, cast, kind):
    """Eve's 37:30 hours a week all year: 52.2 times, 52 full ones, the whole of 150 hours."""
    given = {"basis": "multiples", "frequency": "yearly", "rounding": "up", "grain": "60"}
    client.sign_in(cast.ana)
    tried = client.send(
        f"absence-types/{kind}/plan/preview", {**FORM, **given, "person": cast.eve.email}
    ).get_data(as_text=True)
    assert "in 2026: 150:00 h" in tried and "52.2 times the weekly hours, 52 of 52 full ones" in tried
    assert saved(client, cast, kind, **given).status_code == 303
    page = client.page(f"absence-types/{kind}/plan")
    assert "Each full multiple of the weekly hours worked earns one part of 52 of the year." in page
    assert "To be checked by a lawyer" in page
    with as_(cast.ana) as uow:
        accruals.post(uow, [cast.eve.employee_id])
    said = client.page(f"people/{cast.eve.employee_id}/ledger?year=2026")
    assert "160:00 h a year × 15/16 of a full week" in said
