"""Support access as a company opens it."""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.domain.support import Area, SealedField
from portal.models import SupportGrant
from portal.services import support_access
from portal.services.support_access import Wanted


def ask_for_help(
    uow: UnitOfWork,
    *areas: Area,
    sealed: tuple[SealedField, ...] = (),
    writes: bool = False,
    hours: int = 4,
    reason: str = "The list looks wrong",
) -> SupportGrant:
    """A question of the acting person; nothing is open yet."""
    return support_access.ask(uow, Wanted(areas or (Area.PEOPLE,), sealed, writes, hours, reason, ticket=""))
