"""The wall against replay: what a provider asserted once is good once, until it is too old to be good at all.

It writes no audit events of its own: whoever is turned away here is on record as refused.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork
from portal.models.saml import UsedAssertion


def pass_once(uow: UnitOfWork, provider_id: UUID, assertion_id: str, *, until: datetime) -> bool:
    """False when the assertion was here before. One statement, so that of two at once one is the first."""
    row = insert(UsedAssertion.__table__).values(  # type: ignore[arg-type]
        company_id=uow.company.id,
        id=uuid4(),
        provider_id=provider_id,
        assertion_hash=hashlib.sha256(assertion_id.encode()).hexdigest(),
        expires_at=until,
    )
    taken = uow.session.execute(row.on_conflict_do_nothing().returning(UsedAssertion.__table__.c.id))
    return taken.one_or_none() is not None


def forget_expired(uow: UnitOfWork) -> None:
    """Takes down the part that nothing can climb any more: those assertions are refused for their age."""
    uow.session.execute(delete(UsedAssertion).where(UsedAssertion.expires_at < uow.clock.now()))
