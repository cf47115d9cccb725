"""What the portal holds about the person who is signed in, for their own page."""

from __future__ import annotations

from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import person_data
from portal.services.data_map.cards import Card
from portal.services.person_data import TableCopy

#: A page shows the newest of a long table; the copy holds them all.
MOST_ROWS = 200


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many rows of each table are about the actor."""
    return person_data.counts(uow, _oneself(uow))


def read(uow: UnitOfWork, card: Card) -> TableCopy:
    """The actor's newest rows of one table."""
    return person_data.read(uow, card, _oneself(uow), limit=MOST_ROWS)


def _oneself(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    return uow.actor.employee_id
