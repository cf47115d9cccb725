"""Who may say that a company is to be closed: two people, never one, and the operator only where there is no second."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.refusals import Reason, Refusal

#: A request that nobody has confirmed by then is forgotten.
WAITS = timedelta(days=14)


def check_second_person(*, asked_by: UUID, confirmed_by: UUID | None, admins: int) -> None:
    """Refuses the one who asked, and the operator (None) while another admin could confirm."""
    if confirmed_by == asked_by:
        raise Refusal(Reason.OWN_REQUEST)
    if confirmed_by is None and admins > 1:
        raise Refusal(Reason.CLOSING_NEEDS_ADMIN)


def is_open(asked_at: datetime, now: datetime) -> bool:
    """May the request still be confirmed?"""
    return now < asked_at + WAITS
