"""Two of the operator's staff open a company that nobody asked them into: to look, for an hour, never in silence.

The database refuses the same: one person for both, a change, a protected value, or more than the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import support as rules
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import Area, GrantKind, GrantState
from portal.models.support import SupportGrant
from portal.services import access, audit, support_access, support_letters
from portal.services.operator_work import Staff


@dataclass(frozen=True)
class Emergency:
    """What the second of the two decides on."""

    grant_id: UUID
    company_id: UUID
    company_name: str
    state: GrantState
    areas: list[str]
    reason: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    until: datetime | None
    #: Whether the one who looks at it is the one who asked.
    own: bool


def ask(uow: UnitOfWork, staff: Staff, *, areas: tuple[Area, ...], reason: str) -> UUID:
    """The first of the two asks. Nothing is open, and the company can already read it and say no."""
    if not areas:
        raise Refusal(Reason.SUPPORT_NOTHING_OPENED, field="areas")
    rules.check_reason(reason)
    grant = SupportGrant(
        kind=GrantKind.BREAK_GLASS,
        areas=[one.value for one in areas],
        sealed=[],
        writes=False,
        hours=1,
        reason=reason,
        asked_at=uow.clock.now(),
        staff_id=staff.id,
        staff_name=staff.name,
    )
    uow.session.add(grant)
    uow.session.flush()  # the address of the page names it
    audit.record(uow, audit.Action.SUPPORT_EMERGENCY_ASKED, subject=grant)
    return grant.id


def show(uow: UnitOfWork, staff: Staff, grant_id: UUID) -> Emergency:
    """For any of the staff who has the address."""
    found = _find(uow, grant_id, lock=False)
    return Emergency(
        grant_id=found.id,
        company_id=uow.company.id,
        company_name=uow.company.name,
        state=support_access.state_of(uow, found),
        areas=found.areas,
        reason=found.reason,
        asked_by=found.staff_name,
        asked_at=found.asked_at,
        confirmed_by=found.second_staff_name,
        until=found.until,
        own=found.staff_id == staff.id,
    )


def confirm(uow: UnitOfWork, staff: Staff, grant_id: UUID) -> None:
    """The second of the two opens it; the company's admins get a letter in the same transaction."""
    found = _find(uow, grant_id, lock=True)
    if support_access.state_of(uow, found) is not GrantState.WAITING:
        raise Refusal(Reason.SUPPORT_MOVED_ON)
    if found.staff_id == staff.id:
        raise Refusal(Reason.SUPPORT_SAME_PERSON)
    now = uow.clock.now()
    found.second_staff_id, found.second_staff_name = staff.id, staff.name
    found.granted_at, found.until = now, now + rules.BREAK_GLASS
    audit.record(uow, audit.Action.SUPPORT_EMERGENCY_OPENED, subject=found)
    support_letters.tell_of_emergency(uow, found)


def _find(uow: UnitOfWork, grant_id: UUID, *, lock: bool) -> SupportGrant:
    query = select(SupportGrant).where(
        SupportGrant.id == grant_id, SupportGrant.kind == GrantKind.BREAK_GLASS
    )
    return access.one_or_refuse(uow, query.with_for_update() if lock else query)
