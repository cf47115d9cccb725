"""Stops all codes of a company for a while when they look like fraud with messages, and tells its admins once.

Stopped codes open nothing: whoever needs one waits. Codes that are out already still work.
"""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sqlalchemy import or_, select, update

from portal.db import UnitOfWork
from portal.domain import one_time_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.employee import Employee
from portal.services import audit, outbox, roles, written_moments


def stopped_until(uow: UnitOfWork) -> datetime | None:
    """Until when no codes go out; None: they do."""
    until = uow.session.scalar(select(Company.codes_stopped_until).where(Company.id == uow.company.id))
    return until if until is not None and until > uow.clock.now() else None


def refuse_while_stopped(uow: UnitOfWork) -> None:
    """Refuses with the moment from which codes go out again."""
    until = stopped_until(uow)
    if until is not None:
        raise Refusal(Reason.CODES_STOPPED, again_at=until)


def stop(uow: UnitOfWork, *, prefix: str = "") -> NoReturn:
    """Stops the codes and refuses this one. Of several at the same moment one is on record and writes the letters."""
    uow.keep_when_refused = True
    now = uow.clock.now()
    until = now + rules.STOPPED_FOR
    stopped = uow.session.scalar(
        update(Company)
        .where(
            Company.id == uow.company.id,
            or_(Company.codes_stopped_until.is_(None), Company.codes_stopped_until <= now),
        )
        .values(codes_stopped_until=until)
        .returning(Company.id)
        .execution_options(synchronize_session=False)
    )
    if stopped is not None:
        audit.record(uow, audit.Action.CODES_STOPPED, until=until.isoformat(), prefix=prefix)
        _tell_admins(uow, until, prefix)
    raise Refusal(Reason.CODES_STOPPED, again_at=until)


def _tell_admins(uow: UnitOfWork, until: datetime, prefix: str) -> None:
    admins = select(Employee).where(Employee.id.in_(roles.holders(uow, "admin")))
    for admin in uow.session.scalars(admins):
        outbox.queue_mail(
            uow,
            admin,
            "codes_stopped",
            until=written_moments.for_letter(uow, admin, until),
            prefix=prefix,
            link=f"{uow.outside.url}/c/{uow.company.slug}/audit",
        )
