"""Asks for a look at the days ahead, because something has changed that rules of staffing count."""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.services import queue

LOOK_TASK = "look_at_staffing"


def ask(uow: UnitOfWork) -> None:
    """A job looks after the commit. Asked twice in a transaction it looks once."""
    if not uow.session.info.get(LOOK_TASK):
        uow.session.info[LOOK_TASK] = True
        queue.defer(uow, LOOK_TASK)
