"""One branch of the statement that names rows: the columns that every table has to give."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Select,
    Uuid,
    and_,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission, Reach
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.services import access

PERSON = func.concat(Employee.first_name, " ", Employee.last_name)


def row(
    uow: UnitOfWork,
    row_id: InstrumentedAttribute[UUID],
    ids: set[UUID],
    *,
    text: Any = None,
    key: Any = None,
    person_id: Any = None,
    first: Any = None,
    last: Any = None,
    opens: Any = None,
    target: Any = None,
    hours: Any = None,
) -> Select[Any]:
    """One branch of the statement: the columns of Named, in their order."""
    return select(
        literal(row_id.class_.__tablename__).label("table"),
        row_id.label("id"),
        (literal("") if text is None else text).label("text"),
        (literal("") if key is None else key).label("key"),
        (null().cast(Uuid) if person_id is None else person_id).label("person_id"),
        (literal("") if person_id is None else PERSON).label("person"),
        (null().cast(Date) if first is None else first).label("first"),
        (null().cast(Date) if last is None else last).label("last"),
        (false() if opens is None else opens).label("opens"),
        (false() if person_id is None else opens_person(uow)).label("opens_person"),
        (null().cast(Uuid) if target is None else target).label("target_id"),
        (false() if hours is None else hours).label("counts_hours"),
    ).where(row_id.in_(ids))


def counts_hours(type_id: Any) -> Any:
    return exists().where(AbsenceType.id == type_id, AbsenceType.counting == CountingMethod.HOURS)


def can(uow: UnitOfWork, permission: Permission, reach: Reach = Reach.OWN) -> Any:
    return literal(access.can(uow, permission, reach))


def opens_person(uow: UnitOfWork) -> Any:
    """As the page of a person decides it: colleagues for everybody, who left for who sees records."""
    record = access.employees_within(uow, Permission.EMPLOYEE_VIEW, Employee.id)
    return and_(can(uow, Permission.DIRECTORY_VIEW), or_(Employee.active, record))
