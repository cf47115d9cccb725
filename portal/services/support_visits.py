"""Members of the staff come into a company and leave it, and what is noted when they try without permission.

Both sides know: the company by its audit log and a letter, the operator by its own record.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from portal.db import UnitOfWork
from portal.domain import operator as limits
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import GrantState
from portal.models.company import Company
from portal.models.operator import OperatorEvent, OperatorSession
from portal.models.support import SupportGrant, SupportVisit
from portal.services import access, audit, support_access, support_letters
from portal.services.operator_sign_in import COMPANY, GRANT, opening_columns, opening_of
from portal.services.operator_work import Opening, OperatorWork, Staff
from portal.services.support_letters import Event

#: The two tries that open nothing: where they never came in, and where what they came in under has ended.
ALARM, LATE = "tried without permission", "tried after the end"


def live_openings(work: OperatorWork) -> list[Opening]:
    """The companies that are open now; row security shows the staff no others."""
    rows = work.session.execute(
        select(*opening_columns())
        .join(Company.__table__, COMPANY.id == GRANT.company_id)
        .where(GRANT.granted_at.is_not(None), GRANT.ended_at.is_(None), GRANT.until > work.clock.now())
        .order_by(GRANT.until)
    )
    return [opening_of(row) for row in rows]


def record_entry(uow: UnitOfWork, grant_id: UUID, staff: Staff) -> None:
    """In the company's own log and list, in a transaction of the company; the first time its admins get a letter.

    `uow` is the portal's, not support's: it keeps the record of a visit, and shows nothing of the company.
    """
    query = select(SupportGrant).where(SupportGrant.id == grant_id).with_for_update()
    grant = access.one_or_refuse(uow, query)
    if support_access.state_of(uow, grant) is not GrantState.LIVE:
        raise Refusal(Reason.SUPPORT_OVER)
    now = uow.clock.now()
    visit = uow.session.scalars(
        select(SupportVisit).where(
            SupportVisit.support_grant_id == grant_id, SupportVisit.staff_id == staff.id
        )
    ).one_or_none()
    if visit is None:
        visit = SupportVisit(
            support_grant_id=grant_id,
            staff_id=staff.id,
            staff_name=staff.name,
            staff_email=staff.email,
            first_at=now,
            last_at=now,
        )
        uow.session.add(visit)
        support_letters.tell(uow, grant, Event.USED, staff=staff.name)
    visit.last_at = now
    audit.record(uow, audit.Action.SUPPORT_ENTERED, subject=grant, support=str(grant_id))


def enter(work: OperatorWork, staff: Staff, *, company_id: UUID, grant_id: UUID) -> None:
    """From the next click on this browser is in the company."""
    _move(work, staff, company_id, grant_id)
    work.note("entered", staff.email, company=_slug(work, company_id))


def record_leaving(uow: UnitOfWork, grant_id: UUID) -> None:
    """The company sees when they left, and not only when they came."""
    audit.record(uow, audit.Action.SUPPORT_LEFT, support=str(grant_id))


def leave(work: OperatorWork, staff: Staff) -> None:
    _move(work, staff, None, None)
    if staff.company_slug:
        work.note("left", staff.email, company=staff.company_slug)


def note_try(work: OperatorWork, staff: Staff, company_slug: str) -> bool:
    """Notes a try without a live permission (T113); True when the company's log is to hear of it too, which it does of
    so many an hour.
    """
    if staff.company_slug == company_slug and staff.opening is not None:
        return False
    action = LATE if staff.company_slug == company_slug else ALARM
    since: datetime = work.clock.now() - limits.ALARM_WINDOW
    before = work.session.scalar(
        select(func.count())
        .select_from(OperatorEvent)
        .where(
            OperatorEvent.action == action,
            OperatorEvent.email == staff.email,
            OperatorEvent.company == company_slug,
            OperatorEvent.at > since,
        )
    )
    work.note(action, staff.email, company=company_slug)
    return (before or 0) < limits.ALARMS_TOLD


def record_alarm(uow: UnitOfWork, *, path: str) -> None:
    """In the log of the company that somebody of the staff tried to enter."""
    audit.record(uow, audit.Action.SUPPORT_ALARM, path=path)


def record_late_try(uow: UnitOfWork, *, path: str) -> None:
    """In the log of the company whose permission has ended; the page that stood open is no alarm, but is on record."""
    audit.record(uow, audit.Action.SUPPORT_TURNED_AWAY, path=path, reason=Reason.SUPPORT_OVER.value)


def _move(work: OperatorWork, staff: Staff, company_id: UUID | None, grant_id: UUID | None) -> None:
    work.session.execute(
        update(OperatorSession)
        .where(OperatorSession.id == staff.session_id)
        .values(company_id=company_id, grant_id=grant_id)
    )


def _slug(work: OperatorWork, company_id: UUID) -> str:
    return work.session.scalar(select(COMPANY.slug).where(COMPANY.id == company_id)) or ""
