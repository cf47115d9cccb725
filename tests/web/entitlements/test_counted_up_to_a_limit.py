"""An illness that counts as worked up to a limit: marked at the type, limited by the plan, explained in the ledger."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules
from portal.domain.periods import DayPart
from portal.models import AbsenceType, EntitlementPlan, LedgerEntry
from portal.services import absence_requests, absence_types, accruals
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.web.entitlements.test_hour_plans import FORM, kind  # noqa: F401 - a fixture

MULTIPLES = {**FORM, "basis": "multiples", "frequency": "yearly", "rounding": "up", "grain": "60"}
ILL = {
    "name": "Ill",
    "code": "I",
    "colour": "blue",
    "counting": "days",
    "unit": "half",
    "notice_days": "0",
    "substitutes": "optional",
}


@pytest.fixture
def care(kind):  # noqa: F811
    """The type that gives by the plan; Eve works 37:30 a week."""
    return kind


def test_the_type_counts_up_to_a_limit_only_if_it_counts_at_all(client, as_, cast):
    client.sign_in(cast.ana)
    answer = client.send("absence-types", {**ILL, "counts_up_to_limit": "y"})
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 422 and 'href="#counts_up_to_limit"' in page and "Choose one of the two" in page
    )
    assert (
        client.send("absence-types", {**ILL, "counts_as_worked": "y", "counts_up_to_limit": "y"}).status_code
        == 303
    )
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(AbsenceType).where(AbsenceType.code == "I")).one()
        assert (row.counts_as_worked, row.counts_up_to_limit) == (True, True)
    assert "counts as worked up to a limit" in client.page(f"absence-types/{row.id}")


def test_the_plan_has_the_limits_and_the_ledger_says_what_counted(client, as_, cast, care):
    """Ill for 21 weeks, twenty count; ill for so long that less than twelve were worked, none does."""
    client.sign_in(cast.ana)
    page = client.page(f"absence-types/{care}/plan")
    assert 'value="20"' in page and 'value="12"' in page
    wrong = client.send(f"absence-types/{care}/plan", {**MULTIPLES, "limited_most": "53"})
    assert wrong.status_code == 422 and 'href="#limited_most"' in wrong.get_data(as_text=True)
    limits = {"limited_most": "20", "limited_from": "12"}
    assert client.send(f"absence-types/{care}/plan", {**MULTIPLES, **limits}).status_code == 303
    page = client.page(f"absence-types/{care}/plan")
    assert "at most 20 times the weekly hours a year" in page and "once 12 times the weekly hours" in page
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(EntitlementPlan)).one()
        assert (row.limited_most, row.limited_from) == (20, 12)
        rules = TypeRules(needs_approval=False, counts_up_to_limit=True)
        ill = absence_types.create(uow, TypeLook("Ill", "I", "red"), rules, counting=CountingMethod.DAYS)
        uow.session.flush()
        ill_id = ill.id
    days = [
        date.fromordinal(one)
        for one in range(date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1)
    ]
    weekdays = [day for day in days if day.isoweekday() <= 5]
    said = earned(client, as_, cast, care, ill_id, weekdays[105:210])
    # Two of the 105 days are holidays. 31.6 times worked and 20 of 20.6: 51 full ones of 150 hours are 147.12.
    assert "absent 20.6 times the weekly hours" in said and "20 count as worked, at most 20" in said
    assert "51.6 times the weekly hours, 51 of 52 full ones" in said and "+148:00 h" in said
    said = earned(client, as_, cast, care, ill_id, [*weekdays[:105], *weekdays[210:]][49:])
    # 11.8 times worked.
    assert "none of it counts, as less than 12 times was worked besides" in said


def earned(client, as_, cast, care, ill_id, days):
    """What the ledger says after so many more days of absence."""
    with as_(cast.eve) as uow:
        for start in range(0, len(days), 50):
            wish = Wish.of_days(ill_id, [DayPart(day) for day in days[start : start + 50]])
            absence_requests.request(uow, uuid4(), wish)
    with as_(cast.ana) as uow:
        accruals.post(uow, [cast.eve.employee_id])
        mine = LedgerEntry.employee_id == cast.eve.employee_id, LedgerEntry.absence_type_id == care
        assert uow.session.scalars(select(LedgerEntry).where(*mine)).all()
    return client.page(f"people/{cast.eve.employee_id}/ledger?year=2026")
