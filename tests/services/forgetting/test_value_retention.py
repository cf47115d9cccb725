"""Values of a company's own fields go when the time of their field after somebody's leaving is over, not before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.domain.retention import values_needed_since
from portal.models import AuditEvent, CustomField, CustomValue, Employee, Employment
from portal.services import custom_fields, retention
from portal.services.custom_fields import FieldFacts
from portal.services.forgetting import holds
from tests.fixtures.portal import NOW

TODAY = NOW.date()
R = Retention


@pytest.fixture
def fields(as_, cast):
    """A field of each class, filled in for Eve, Otto and Mats; only Eve and Otto will have left."""
    with as_(cast.ana) as uow:
        for kept in R:
            facts = FieldFacts(f"Field {kept}", FieldKind.TEXT, FieldGroup.PRIVATE, kept, 0)
            field_id = custom_fields.create(uow, facts)
            uow.session.add_all(
                CustomValue(employee_id=one.employee_id, field_id=field_id, value="x")
                for one in (cast.eve, cast.otto, cast.mats)
            )


@pytest.fixture
def left(as_, cast):
    def leave(member, last_day: date) -> None:
        with as_(cast.ana) as uow:
            mine = Employment.employee_id == member.employee_id
            uow.session.execute(
                update(Employment).where(mine).values(start_date=date(2010, 1, 1), end_date=last_day)
            )
            uow.session.execute(
                update(Employee).where(Employee.id == member.employee_id).values(active=False)
            )

    return leave


def held_by(uow, member) -> set[str]:
    query = select(CustomField.retention).join(CustomValue, CustomValue.field_id == CustomField.id)
    return {
        one.value for one in uow.session.scalars(query.where(CustomValue.employee_id == member.employee_id))
    }


@pytest.mark.parametrize(
    ("last_day", "kept"),
    [
        (TODAY - timedelta(days=30), {"employment", "three-years", "ten-years"}),
        (TODAY - timedelta(days=31), {"three-years", "ten-years"}),
        (TODAY.replace(year=TODAY.year - 3), {"three-years", "ten-years"}),
        (TODAY.replace(year=TODAY.year - 3) - timedelta(days=1), {"ten-years"}),
        (TODAY.replace(year=TODAY.year - 10) - timedelta(days=1), set()),
    ],
)
def test_each_value_goes_by_the_class_of_its_field(fields, left, cast, as_, last_day, kept):
    left(cast.eve, last_day)
    with as_(cast.ana) as uow:
        assert retention.apply(uow).get("custom_value", 0) == 3 - len(kept)
        assert held_by(uow, cast.eve) == kept
        assert len(held_by(uow, cast.mats)) == len(R), "nobody else's"


def test_what_goes_is_told_beforehand_and_afterwards(fields, left, cast, as_, client):
    """Otto's value is past its time, Eve's within the month; the event tells the field and how many, no value."""
    left(cast.otto, TODAY - timedelta(days=31))
    left(cast.eve, TODAY - timedelta(days=10))
    with as_(cast.ana) as uow:
        told = retention.outlook(uow).fields
        assert [(one.name, one.now, one.next_month) for one in told] == [("Field employment", 1, 2)]
    assert "Field employment" in client.sign_in(cast.ana).page("privacy/retention")
    with as_(cast.ana) as uow:
        assert retention.apply(uow) == {"custom_value": 1}
    with as_(cast.ana) as uow:
        actions = select(AuditEvent).where(AuditEvent.action == "custom-field.values-expired")
        event = uow.session.scalars(actions).one()
        field = uow.session.scalars(select(CustomField).where(CustomField.name == "Field employment")).one()
        assert (event.subject_id, event.actor_id) == (field.id, cast.ana.employee_id)
        assert held_by(uow, cast.otto) == {"three-years", "ten-years"} and len(held_by(uow, cast.eve)) == 3


def test_holds_rehired_people_and_unknown_last_days_keep_everything(fields, left, cast, as_):
    for member in (cast.eve, cast.otto, cast.mats):
        left(member, date(2012, 1, 31))
    with as_(cast.ana) as uow:
        holds.place(uow, email=cast.eve.email, reason="A lawsuit", until_date=None)
        back = uow.session.get_one(Employee, (cast.acme.id, cast.otto.employee_id))
        back.active = True
        mine = Employment.employee_id == cast.mats.employee_id
        uow.session.execute(update(Employment).where(mine).values(end_date=None))
        assert "custom_value" not in retention.apply(uow)


def test_the_29th_of_february_has_a_day_in_every_year():
    assert values_needed_since(R.THREE_YEARS, date(2028, 2, 29)) == date(2025, 2, 28)
    assert values_needed_since(R.TEN_YEARS, date(2028, 3, 1)) == date(2018, 3, 1)
