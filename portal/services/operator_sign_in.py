"""How the operator's staff get in: e-mail, password and a code of their app or a passkey together; short sessions.

Which of the three was wrong is never said. A session ends after 20 minutes without use and after four hours.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, func, select, update

from portal.domain import operator as limits
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import Area, SealedField
from portal.models.company import Company
from portal.models.operator import OperatorEvent, OperatorSession, OperatorStaff
from portal.models.support import SupportGrant
from portal.services import operator_passkeys, operator_staff
from portal.services.operator_work import Opening, OperatorWork, Staff
from portal.services.sessions import hash_token

FAILED = "sign-in failed"
#: As a plain table: staff stand in no company, and row security shows them what is live alone.
GRANT, COMPANY = SupportGrant.__table__.c, Company.__table__.c


def sign_in(work: OperatorWork, *, email: str, password: str, code: str) -> str:
    """The token for the cookie. A failure is to be committed by the caller all the same: it counts."""
    staff, fits = _by_password(work, email, password)
    step = operator_staff.step_of(work, staff, code) if staff is not None else None
    token = _let_in(work, email, staff if fits and step is not None else None, tried=staff)
    if staff is not None:
        staff.last_step = step
    return token


def sign_in_by_passkey(
    work: OperatorWork, *, email: str, password: str, answer: str, challenge_id: UUID | None
) -> str:
    """As `sign_in`, with a passkey of the same member instead of the code."""
    staff, fits = _by_password(work, email, password)
    signed = operator_passkeys.has_signed(work, staff, answer, challenge_id=challenge_id)
    return _let_in(work, email, staff if fits and signed else None, tried=staff)


def prove(work: OperatorWork, staff: Staff, code: str) -> None:
    """Whoever sits at the session has the app too. A wrong code counts as at the sign-in; the caller commits it."""
    row = work.session.scalars(
        select(OperatorStaff).where(OperatorStaff.id == staff.id).with_for_update()
    ).one()
    step = operator_staff.step_of(work, row, code)
    if step is None or _is_locked(work, row):
        _count_failure(work, row)
        work.note("proof failed", row.email)
        raise Refusal(Reason.APP_CODE_WRONG, field="code")
    row.failures, row.last_step = 0, step
    work.note("proved anew", row.email)


def recognise(work: OperatorWork, token: str) -> Staff | None:
    """Who holds the token and what stands open to them, in one statement; the idle limit moves on."""
    now = work.clock.now()
    row = work.session.execute(_live_session(token, now)).one_or_none()
    if row is None:
        return None
    work.session.execute(
        update(OperatorSession)
        .where(OperatorSession.id == row.session_id)
        .values(idle_until=func.least(OperatorSession.absolute_until, now + limits.IDLE))
    )
    live = row.grant_id is not None and row.until > now
    return Staff(
        row.session_id,
        row.staff_id,
        row.staff_name,
        row.staff_email,
        row.slug or "",
        opening_of(row) if live else None,
    )


def _live_session(token: str, now: datetime) -> Select[*tuple[Any, ...]]:
    """The session with whose it is, and the company that is open to it."""
    return (
        select(
            OperatorSession.id.label("session_id"),
            OperatorStaff.id.label("staff_id"),
            OperatorStaff.name.label("staff_name"),
            OperatorStaff.email.label("staff_email"),
            COMPANY.slug.label("slug"),
            *opening_columns(),
        )
        .join(OperatorStaff, OperatorStaff.id == OperatorSession.staff_id)
        .outerjoin(Company.__table__, COMPANY.id == OperatorSession.company_id)
        .outerjoin(
            SupportGrant.__table__,
            and_(GRANT.company_id == OperatorSession.company_id, GRANT.id == OperatorSession.grant_id),
        )
        .where(
            OperatorSession.token_hash == hash_token(token),
            OperatorSession.revoked_at.is_(None),
            OperatorSession.idle_until > now,
            OperatorSession.absolute_until > now,
            OperatorStaff.active,
        )
    )


def sign_out(work: OperatorWork, staff: Staff) -> None:
    work.session.execute(
        update(OperatorSession)
        .where(OperatorSession.id == staff.session_id)
        .values(revoked_at=work.clock.now())
    )
    work.note("signed out", staff.email)


def opening_columns() -> tuple[Any, ...]:
    """What `opening_of` reads; the tables are SupportGrant's and Company's own."""
    return (
        GRANT.id.label("grant_id"),
        GRANT.company_id.label("company_id"),
        COMPANY.slug.label("company_slug"),
        COMPANY.name.label("company_name"),
        GRANT.areas,
        GRANT.sealed,
        GRANT.writes,
        GRANT.reason,
        GRANT.ticket,
        GRANT.until,
    )


def opening_of(row: Any) -> Opening:
    """An area that this version does not know opens nothing."""
    return Opening(
        grant_id=row.grant_id,
        company_id=row.company_id,
        company_slug=row.company_slug,
        company_name=row.company_name,
        areas=tuple(Area(one) for one in row.areas if one in set(Area)),
        sealed=frozenset(SealedField(one) for one in row.sealed if one in set(SealedField)),
        writes=row.writes,
        reason=row.reason,
        ticket=row.ticket,
        until=row.until,
    )


def _by_password(work: OperatorWork, email: str, password: str) -> tuple[OperatorStaff | None, bool]:
    """The member of this address, locked, and whether the password is theirs; as slow for nobody as for somebody."""
    _check_address(work)
    typed = email.strip().lower()
    staff = work.session.scalars(
        select(OperatorStaff).where(OperatorStaff.email == typed, OperatorStaff.active).with_for_update()
    ).one_or_none()
    return staff, work.outside.passwords.verify(staff.password_hash if staff else None, password)


def _let_in(
    work: OperatorWork, email: str, proven: OperatorStaff | None, *, tried: OperatorStaff | None
) -> str:
    if proven is None or _is_locked(work, proven):
        _count_failure(work, tried)
        work.note(FAILED, email.strip().lower()[:254])
        raise Refusal(Reason.OPERATOR_SIGN_IN_FAILED)
    proven.failures, proven.locked_until = 0, None
    work.note("signed in", proven.email)
    return _open(work, proven)


def _open(work: OperatorWork, staff: OperatorStaff) -> str:
    now, token = work.clock.now(), secrets.token_urlsafe(32)
    work.session.add(
        OperatorSession(
            id=uuid4(),
            staff_id=staff.id,
            token_hash=hash_token(token),
            ip=work.ip,
            idle_until=now + limits.IDLE,
            absolute_until=now + limits.ABSOLUTE,
        )
    )
    return token


def _check_address(work: OperatorWork) -> None:
    """Guessing at several people from one address is stopped too."""
    now = work.clock.now()
    tries = work.session.scalar(
        select(func.count())
        .select_from(OperatorEvent)
        .where(
            OperatorEvent.ip == work.ip,
            OperatorEvent.action == FAILED,
            OperatorEvent.at > now - limits.WAIT,
        )
    )
    if (tries or 0) >= limits.TRIES_OF_ADDRESS:
        raise Refusal(Reason.TOO_MANY_ATTEMPTS, again_at=now + limits.WAIT)


def _is_locked(work: OperatorWork, staff: OperatorStaff) -> bool:
    return staff.locked_until is not None and staff.locked_until > work.clock.now()


def _count_failure(work: OperatorWork, staff: OperatorStaff | None) -> None:
    if staff is None:
        return
    staff.failures += 1
    if staff.failures >= limits.TRIES:
        staff.failures, staff.locked_until = 0, work.clock.now() + limits.WAIT
