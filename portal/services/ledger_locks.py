"""Whoever changes somebody's balance waits here for whoever is doing so already."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee


def lock(uow: UnitOfWork, employee_ids: Sequence[UUID]) -> None:
    """Holds these people's balances until the transaction ends: whoever changes one waits here (T153).

    Rows that refer to the person can still be written meanwhile.
    """
    query = select(Employee.id).where(Employee.id.in_(employee_ids)).order_by(Employee.id)
    uow.session.execute(query.with_for_update(key_share=True))
