"""Asks for a look at the days ahead, because something has changed that rules of staffing count."""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.services import queue

LOOK_TASK = "look_at_staffing"


def ask(uow: UnitOfWork) -> None:
    """A job looks after the commit, once for all that changed."""
    queue.defer(uow, LOOK_TASK, once=True)
