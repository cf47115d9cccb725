"""What the company knows about the person who is signed in, their roles, and whom to ask for a correction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant
from portal.services import person_record
from portal.services.name_order import by_name
from portal.services.person_record import Person

_MOST_TO_ASK = 5


@dataclass(frozen=True)
class Profile:
    """Oneself. Roles are (key, name), people to ask (name, e-mail)."""

    person: Person
    phone: str
    roles: list[tuple[str, str]]
    ask: list[tuple[str, str]]


def show(uow: UnitOfWork) -> Profile:
    """Reads only what belongs to the actor."""
    employee_id = uow.actor.employee_id
    if employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    person = person_record.show(uow, employee_id)
    has_phone = person.record is not None and person.record.has_phone
    held = uow.session.execute(
        select(Role.key, Role.name)
        .join(RoleGrant, RoleGrant.role_id == Role.id)
        .where(RoleGrant.employee_id == employee_id)
        .order_by(Role.key)
    )
    return Profile(
        person=person,
        phone=person_record.show_phone(uow, employee_id) if has_phone else "",
        roles=[(row.key, row.name) for row in held],
        ask=_people_of_hr(uow),
    )


def _people_of_hr(uow: UnitOfWork) -> list[tuple[str, str]]:
    rows = uow.session.execute(
        select(Employee.first_name, Employee.last_name, Employee.email)
        .join(RoleGrant, RoleGrant.employee_id == Employee.id)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(Role.key == "hr", Employee.active)
        .order_by(*by_name(uow))
        .limit(_MOST_TO_ASK)
    )
    return [(f"{row.first_name} {row.last_name}", row.email) for row in rows]
