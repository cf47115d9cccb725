"""HR gives a type a plan, sees what it would give to one person, and takes back what does not hold yet."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.models import AbsenceType, EntitlementPlan, LedgerEntry

FORM = {
    "valid_from": "2026-01-01",
    "yearly_days": "20",
    "after_1": "5",
    "unit_1": "years",
    "days_1": "25",
    **{f"unit_{number}": "years" for number in (2, 3)},
    "frequency": "monthly",
    "given_at": "start",
    "year_month": "1",
    "by_schedule": "y",
    "rounding": "nearest",
    "grain": "1",
    "carry_cap": "5",
    "carry_through": "3-31",
    "carries_debt": "y",
}


@pytest.fixture
def address(as_, cast):
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
    return f"absence-types/{kind}/plan"


def test_hr_saves_a_plan_and_reads_it_in_words(client, as_, cast, address):
    client.sign_in(cast.ana)
    assert "There is no plan yet" in client.page(address)
    assert client.send(address, FORM).status_code == 303
    page = client.page(address)
    assert "20 days a year. 25 days a year after 5 years here. Month by month." in page
    assert "At most 5 days is carried over, usable through March 31." in page
    with as_(cast.ana) as uow:
        plan = uow.session.scalars(select(EntitlementPlan)).one()
        assert (plan.milestones, plan.valid_from) == ("0 days 20000\n5 years 25000", date(2026, 1, 1))
    assert "New plan of entitlement" in client.page("audit")


def test_a_preview_shows_one_persons_year_and_saves_nothing(client, as_, cast, address):
    client.sign_in(cast.ana)
    answer = client.send(f"{address}/preview", {**FORM, "person": cast.eve.email})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = answer.get_data(as_text=True)
    assert "Eve" in page and "in 2026" in page and "1/12 of the year" in page
    unknown = client.send(f"{address}/preview", {**FORM, "person": "nobody@acme.example"})
    assert unknown.status_code == 422 and "Check the spelling" in unknown.get_data(as_text=True)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(EntitlementPlan)).all() == []
        assert uow.session.scalars(select(LedgerEntry)).all() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"yearly_days": "400"}, "yearly_days"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "2025-01-01"}, "valid_from"),
        ({"grain": "7"}, "grain"),
        ({"yearly_cap": "0"}, "yearly_cap"),
        ({"carry_protected": "1e999999"}, "carry_protected"),
        (
            {"after_1": "100", "unit_1": "years", "after_2": "1200", "unit_2": "months", "days_2": "1"},
            "at least",
        ),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(client, as_, cast, address, wrong, field):
    client.sign_in(cast.ana)
    answer = client.send(address, {**FORM, **wrong})
    assert answer.status_code == 422
    if field != "at least":
        assert f'href="#{field}"' in answer.get_data(as_text=True)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(EntitlementPlan)).all() == []


def test_a_version_to_come_can_be_dropped_and_only_hr_may(client, as_, cast, address):
    client.sign_in(cast.ana).send(address, {**FORM, "valid_from": "2027-01-01"})
    with as_(cast.ana) as uow:
        plan_id = uow.session.scalars(select(EntitlementPlan.id)).one()
    client.sign_in(cast.eve)
    assert client.send(address, FORM).status_code in {403, 404}
    client.sign_in(cast.ana)
    assert client.send(f"{address}/{plan_id}/removal", {}).status_code == 303
    assert "There is no plan yet" in client.page(address)


@pytest.mark.parametrize(("counting", "months"), [("hours", 6), ("hours", None), ("days", None)])
def test_a_type_without_a_balance_or_of_overtime_gives_by_no_plan(
    client, as_, cast, address, counting, months
):
    with as_(cast.ana) as uow:
        kind = AbsenceType(
            key="own-1", name="Care", code="C", colour="blue", counting=counting, overtime_months=months
        )
        uow.session.add(kind)
        uow.session.flush()
        other = f"absence-types/{kind.id}/plan"
    client.sign_in(cast.ana)
    answer = client.send(other, FORM)
    assert answer.status_code == 422
    assert "keeps none, or takes overtime" in answer.get_data(as_text=True)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(EntitlementPlan)).all() == []
