"""Values of a company's own fields, deleted when their field's time after somebody's leaving is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, select
from sqlalchemy.sql.elements import SQLCoreOperations

from portal.db import UnitOfWork
from portal.domain.custom_fields import Retention
from portal.domain.retention import values_needed_since
from portal.models.custom_field import CustomField, CustomValue
from portal.models.employee import Employee, Employment
from portal.models.erasure import LegalHold
from portal.services import audit
from portal.services.forgetting.holds import in_force


@dataclass(frozen=True)
class FieldForecast:
    """How many values of one field are past their time now and by the day that the page looks ahead to."""

    name: str
    retention: Retention
    now: int
    next_month: int


def apply(uow: UnitOfWork) -> int:
    """Deletes them, also of fields that are put away, and leaves one event for each field; says how many."""
    past = _past(uow, uow.today())
    counts = _counts(uow, past)
    if not counts:
        return 0
    ids = select(CustomValue.id).join(CustomField, CustomField.id == CustomValue.field_id).where(past)
    uow.session.execute(
        delete(CustomValue).where(CustomValue.id.in_(ids)),
        execution_options={"synchronize_session": False},
    )
    for field, rows in counts:
        audit.record(uow, audit.Action.CUSTOM_FIELD_VALUES_EXPIRED, subject=field, rows=rows)
    return sum(rows for _, rows in counts)


def forecast(uow: UnitOfWork, until: datetime) -> list[FieldForecast]:
    """The fields of which something goes by then, in one statement."""
    now, ahead = _past(uow, uow.today()), _past(uow, until.date())
    rows = uow.session.execute(
        select(
            CustomField.name,
            CustomField.retention,
            func.count().filter(now).label("now"),
            func.count().label("ahead"),
        )
        .select_from(CustomValue)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(ahead)
        .group_by(CustomField.company_id, CustomField.id)
        .order_by(CustomField.position, CustomField.name)
    )
    return [FieldForecast(*row) for row in rows]


def _counts(uow: UnitOfWork, past: ColumnElement[bool]) -> list[Any]:
    query = (
        select(CustomField, func.count(CustomValue.id))
        .join(CustomValue, CustomValue.field_id == CustomField.id)
        .where(past)
        .group_by(CustomField.company_id, CustomField.id)
        .order_by(CustomField.position, CustomField.name)
    )
    return list(uow.session.execute(query).all())


def _past(uow: UnitOfWork, today: date) -> ColumnElement[bool]:
    """Of people who left before the day since which values of the field's class are needed, and are on no hold.

    Who is back, or has terms without an end, has not left; nothing is known of somebody without any terms.
    """
    last_day = func.max(Employment.end_date)
    left = (
        select(Employee.id, last_day.label("last_day"))
        .join(Employment, Employment.employee_id == Employee.id)
        .where(~Employee.active)
        .group_by(Employee.id)
        .having(func.bool_and(Employment.end_date.is_not(None)))
        .subquery("left_people")
    )
    needed: SQLCoreOperations[Any] = case(
        {one.value: literal(values_needed_since(one, today)) for one in Retention},
        value=CustomField.retention,
    )
    gone = (
        select(left.c.id)
        .where(left.c.id == CustomValue.employee_id, left.c.last_day < needed)
        .correlate(CustomValue, CustomField)
    )
    held = select(LegalHold.employee_id).where(in_force(uow))
    return and_(gone.exists(), CustomValue.employee_id.not_in(held))
