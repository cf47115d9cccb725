"""Who leads whom: found by work e-mail, and never in a circle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.services.company_lock import lock_company
from portal.services.name_order import by_name

_MOST_SUGGESTIONS = 200


def find(uow: UnitOfWork, email: str, *, leads: UUID | None) -> UUID | None:
    """The manager with this address; refused when unknown or when they are led by `leads` themselves."""
    email = email.strip().lower()
    if not email:
        return None
    manager_id = uow.session.scalar(select(Employee.id).where(Employee.email == email))
    if manager_id is None:
        raise Refusal(Reason.MANAGER_UNKNOWN, field="line_manager_email")
    if leads is not None:
        lock_company(uow)  # two changes at once could close a circle that neither sees
        if leads in _chain_above(uow, manager_id):
            raise Refusal(Reason.MANAGER_CYCLE, field="line_manager_email")
    return manager_id


def suggestions(uow: UnitOfWork) -> list[tuple[str, str]]:
    """People who lead somebody already, as (e-mail, name); anybody else can be typed."""
    report = aliased(Employee)
    leading = select(report.line_manager_id).where(report.line_manager_id.is_not(None))
    rows = uow.session.execute(
        select(Employee.email, Employee.first_name, Employee.last_name)
        .where(Employee.active, Employee.id.in_(leading))
        .order_by(*by_name(uow))
        .limit(_MOST_SUGGESTIONS)
    )
    return [(row.email, f"{row.first_name} {row.last_name}") for row in rows]


def _chain_above(uow: UnitOfWork, employee_id: UUID) -> set[UUID]:
    """The person and everybody above them, in one query."""
    start = select(Employee.id, Employee.line_manager_id).where(Employee.id == employee_id)
    chain = start.cte("chain", recursive=True)
    above = aliased(Employee)
    chain = chain.union(
        select(above.id, above.line_manager_id).join(chain, above.id == chain.c.line_manager_id)
    )
    return set(uow.session.scalars(select(chain.c.id)))
