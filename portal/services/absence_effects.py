"""What else changes when an absence begins or ceases to count: covers, and the look at rules of staffing.

Every path by which time off comes to count or is given up ends here, so that none of them forgets one. Whether it
may, what it costs and who is told of it is decided by those paths.
"""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.domain.absences import CLOSED
from portal.models.absence import Absence
from portal.services.staffing import notice
from portal.services.substitutes import letters, watching


def counts_now(uow: UnitOfWork, absence: Absence, *, decided: bool = False) -> None:
    """It counts, or more of it than before. `decided`: it was asked for, so that those who cover wait for a word."""
    notice.ask(uow)
    if decided:
        letters.tell_all(uow, absence, letters.APPROVED)
    watching.tell_of_losses(uow, absence)


def given_up(uow: UnitOfWork, absence: Absence) -> None:
    """It does not count any more, or less of it than before."""
    notice.ask(uow)
    closed = absence.status in CLOSED
    letters.tell_all(uow, absence, letters.ENDED if closed else letters.CHANGED)
