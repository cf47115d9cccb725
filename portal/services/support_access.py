"""Letting the operator's staff in, by the company alone: asking, granting, refusing, ending, and what ends by itself.

Staff have no service here. How they come in under a grant is services/support_visits.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import support as rules
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import Area, GrantKind, GrantState, SealedField
from portal.models.support import SupportGrant
from portal.services import access, audit, support_letters
from portal.services.support_letters import Event


@dataclass(frozen=True)
class Wanted:
    """What somebody asks to be opened."""

    areas: tuple[Area, ...]
    sealed: tuple[SealedField, ...]
    writes: bool
    hours: int
    reason: str
    ticket: str


def ask(uow: UnitOfWork, wanted: Wanted) -> SupportGrant:
    """Asks for help. Nothing is open before somebody with the right to do so grants it."""
    _check(uow, Permission.SUPPORT_ASK)
    rules.check_request(
        uow.actor.grants,
        areas=wanted.areas,
        sealed=wanted.sealed,
        hours=wanted.hours,
        reason=wanted.reason,
        ticket=wanted.ticket,
    )
    grant = SupportGrant(
        kind=GrantKind.REQUEST,
        areas=[one.value for one in wanted.areas],
        sealed=[one.value for one in wanted.sealed],
        writes=wanted.writes,
        hours=wanted.hours,
        reason=wanted.reason,
        ticket=wanted.ticket,
        asked_at=uow.clock.now(),
        asked_by_id=uow.actor.employee_id,
    )
    uow.session.add(grant)
    uow.session.flush()  # letters and the log refer to it
    audit.record(uow, audit.Action.SUPPORT_ASKED, subject=grant)
    support_letters.tell_grantors(uow, grant)
    return grant


def grant(uow: UnitOfWork, grant_id: UUID) -> None:
    """Opens what was asked for, from now on, for the hours that were asked for (T119)."""
    _check(uow, Permission.SUPPORT_GRANT)
    found = _locked(uow, grant_id)
    if found.kind is not GrantKind.REQUEST:
        raise Refusal(Reason.NOT_PERMITTED)
    _must_be(uow, found, GrantState.WAITING)
    now = uow.clock.now()
    found.granted_at, found.granted_by_id = now, uow.actor.employee_id
    found.until = now + timedelta(hours=found.hours)
    audit.record(uow, audit.Action.SUPPORT_GRANTED, subject=found)
    support_letters.tell(uow, found, Event.GRANTED)


def refuse(uow: UnitOfWork, grant_id: UUID) -> None:
    """Says no, or takes one's own question back; also to what the staff would open in an emergency."""
    found = _locked(uow, grant_id)
    if not access.can(uow, Permission.SUPPORT_GRANT, Reach.COMPANY) and (
        found.asked_by_id is None or found.asked_by_id != uow.actor.employee_id
    ):
        raise Refusal(Reason.NOT_PERMITTED)
    _must_be(uow, found, GrantState.WAITING)
    found.ended_at, found.ended_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.SUPPORT_REFUSED, subject=found)
    support_letters.tell(uow, found, Event.REFUSED)


def end(uow: UnitOfWork, grant_id: UUID) -> None:
    """Closes the company again, at once: the next click of whoever is inside opens nothing (T116)."""
    _check(uow, Permission.SUPPORT_ASK)
    found = _locked(uow, grant_id)
    _must_be(uow, found, GrantState.LIVE)
    found.ended_at, found.ended_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.SUPPORT_ENDED, subject=found)
    support_letters.tell(uow, found, Event.ENDED)


def tell_what_expired(uow: UnitOfWork) -> int:
    """Records and tells each end by time, once; nothing waits for this to be closed."""
    now = uow.clock.now()
    over = uow.session.scalars(
        select(SupportGrant)
        .where(SupportGrant.until <= now, SupportGrant.ended_at.is_(None), SupportGrant.end_told_at.is_(None))
        .with_for_update(skip_locked=True)
    ).all()
    for found in over:
        found.end_told_at = now
        audit.record(uow, audit.Action.SUPPORT_EXPIRED, subject=found)
        support_letters.tell(uow, found, Event.EXPIRED)
    return len(over)


def state_of(uow: UnitOfWork, found: SupportGrant) -> GrantState:
    return rules.state_of(
        uow.clock.now(),
        asked_at=found.asked_at,
        granted_at=found.granted_at,
        until=found.until,
        ended_at=found.ended_at,
    )


def _check(uow: UnitOfWork, permission: Permission) -> None:
    if not access.can(uow, permission, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)


def _locked(uow: UnitOfWork, grant_id: UUID) -> SupportGrant:
    query = select(SupportGrant).where(SupportGrant.id == grant_id).with_for_update()
    return access.one_or_refuse(uow, query.execution_options(populate_existing=True))


def _must_be(uow: UnitOfWork, found: SupportGrant, wanted: GrantState) -> None:
    """Of two decisions one counts, and none after the time is over."""
    state = state_of(uow, found)
    if state is not wanted:
        raise Refusal(Reason.SUPPORT_MOVED_ON)
