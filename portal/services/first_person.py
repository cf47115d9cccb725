"""The first person of a new company, who lets everybody else in: employee, HR and admin at once."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant
from portal.services import audit, employments, invitations, people
from portal.services.employments import Terms

#: HR hands on every right over people, admin every right over the portal; neither can hand on the other's.
ROLES = ("employee", "hr", "admin")


def take_in(uow: UnitOfWork, *, email: str, first_name: str, last_name: str) -> Employee:
    """Employs the person from today, gives them ROLES and mails the invitation. For the operator alone."""
    employee = Employee(
        id=uuid4(),
        email=people.free_email(uow, email, None),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        language=uow.company.language,
    )
    uow.session.add(employee)
    uow.session.flush()  # everything else refers to it
    employments.begin(uow, employee.id, Terms(employments.FULL_TIME, None), uow.today())
    audit.record(uow, audit.Action.EMPLOYEE_CREATED, subject=employee)
    for role in uow.session.scalars(select(Role).where(Role.key.in_(ROLES))):
        grant = RoleGrant(employee_id=employee.id, role_id=role.id)
        uow.session.add(grant)
        audit.record(uow, audit.Action.ROLE_GRANTED, subject=grant, role=role.key, person=employee.email)
    invitations.invite(uow, employee)
    return employee
