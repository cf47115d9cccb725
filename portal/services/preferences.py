"""What people choose for themselves in the portal."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.services import audit


def choose_language(uow: UnitOfWork, language: str) -> None:
    """The language of the actor's pages, letters and messages from now on."""
    employee = uow.session.scalars(select(Employee).where(Employee.id == uow.actor.employee_id)).one()
    if employee.language != language:
        employee.language = language
        audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=employee)
