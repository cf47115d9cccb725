"""Lets one transaction at a time change what must be judged as a whole: who holds a role, who leads whom."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.company import Company


def lock_company(uow: UnitOfWork) -> None:
    """Waits until no other such change is under way in the company. Rows that only refer to it do not wait."""
    uow.session.execute(
        select(Company.id).where(Company.id == uow.company.id).with_for_update(key_share=True)
    )
