"""Passkeys of the operator's staff: added and removed by their owner, asked for instead of the code of the app.

The passkey itself tells whose it is, so a challenge before the sign-in names nobody and tells a stranger nothing.
Each challenge is of one browser, good once and for a few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select

from portal.domain import operator as limits
from portal.domain.refusals import Reason, Refusal
from portal.integrations import passkeys as webauthn
from portal.integrations.passkeys import KnownKey, PasskeyRefused
from portal.models.operator import OperatorChallenge, OperatorPasskey, OperatorSession, OperatorStaff
from portal.services.operator_work import OperatorWork, Staff

_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class StaffPasskeyLine:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    added_at: datetime
    last_used_at: datetime | None


def list_of(work: OperatorWork, staff: Staff) -> list[StaffPasskeyLine]:
    return [
        StaffPasskeyLine(row.id, row.name, row.created_at, row.last_used_at) for row in _of(work, staff.id)
    ]


def check_fresh(work: OperatorWork, staff: Staff) -> None:
    """An open browser is not enough to change by what somebody gets in."""
    if not is_fresh(work, staff):
        raise Refusal(Reason.OPERATOR_SIGN_IN_OLD)


def is_fresh(work: OperatorWork, staff: Staff) -> bool:
    """Has this very browser signed in just now?"""
    ends = work.session.scalar(
        select(OperatorSession.absolute_until).where(OperatorSession.id == staff.session_id)
    )
    return ends is not None and ends - limits.ABSOLUTE >= work.clock.now() - limits.FRESH


def registration_options(work: OperatorWork, staff: Staff) -> tuple[UUID, str]:
    """Begins adding one: the challenge's id, and what the browser needs, as JSON."""
    check_fresh(work, staff)
    challenge_id, challenge = _challenge(work, staff.id)
    known = [KnownKey(row.credential_id, row.transports) for row in _of(work, staff.id)]
    options = webauthn.registration_options(
        _url(work),
        challenge,
        handle=staff.id.bytes,
        email=staff.email,
        name=staff.name,
        known=known,
        tells_whose=True,
    )
    return challenge_id, options


def register(work: OperatorWork, staff: Staff, answer: str, *, name: str, challenge_id: UUID | None) -> None:
    """Keeps the public half of the passkey that the browser made."""
    check_fresh(work, staff)
    challenge = _take(work, challenge_id, staff.id)
    if challenge is None:
        raise Refusal(Reason.PASSKEY_REFUSED)
    try:
        made = webauthn.verify_registration(_url(work), challenge, answer)
    except PasskeyRefused:
        raise Refusal(Reason.PASSKEY_REFUSED) from None
    if len(_of(work, staff.id)) >= limits.MOST_PASSKEYS:
        raise Refusal(Reason.PASSKEYS_TOO_MANY, limit=limits.MOST_PASSKEYS)
    if work.session.scalar(_by_credential(made.credential_id)) is not None:
        raise Refusal(Reason.PASSKEY_REFUSED)
    work.session.add(
        OperatorPasskey(
            id=uuid4(),
            staff_id=staff.id,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            created_at=work.clock.now(),
        )
    )
    work.note("passkey added", staff.email)


def remove(work: OperatorWork, staff: Staff, passkey_id: UUID) -> None:
    """The app stays, so nobody is left without a way in."""
    check_fresh(work, staff)
    gone = work.session.execute(
        delete(OperatorPasskey)
        .where(OperatorPasskey.id == passkey_id, OperatorPasskey.staff_id == staff.id)
        .returning(OperatorPasskey.id)
    ).one_or_none()
    if gone is None:
        raise Refusal(Reason.NOT_FOUND)
    work.note("passkey removed", staff.email)


def take_away(work: OperatorWork, staff_id: UUID) -> None:
    """All of somebody who is let go, or begins anew."""
    work.session.execute(delete(OperatorPasskey).where(OperatorPasskey.staff_id == staff_id))


def proof_options(work: OperatorWork) -> tuple[UUID, str]:
    """Begins a sign-in: the challenge's id, and what any browser is answered, as JSON."""
    challenge_id, challenge = _challenge(work, None)
    return challenge_id, webauthn.proof_options(_url(work), challenge, known=[])


def has_signed(
    work: OperatorWork, staff: OperatorStaff | None, answer: str, *, challenge_id: UUID | None
) -> bool:
    """Whether a passkey of this very member signed the challenge, which is good no more either way."""
    challenge = _take(work, challenge_id, None)
    if challenge is None or staff is None:
        return False
    try:
        row = work.session.scalars(
            _by_credential(webauthn.credential_of(answer))
            .where(OperatorPasskey.staff_id == staff.id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            return False
        row.sign_count = webauthn.verify_proof(
            _url(work), challenge, answer, public_key=row.public_key, sign_count=row.sign_count
        )
    except PasskeyRefused:
        return False
    row.last_used_at = work.clock.now()
    return True


def _challenge(work: OperatorWork, staff_id: UUID | None) -> tuple[UUID, bytes]:
    """A new one; those that nobody came back for go with it."""
    now = work.clock.now()
    work.session.execute(delete(OperatorChallenge).where(OperatorChallenge.expires_at <= now))
    row = OperatorChallenge(
        id=uuid4(), staff_id=staff_id, challenge=webauthn.new_challenge(), expires_at=now + _LIFETIME
    )
    work.session.add(row)
    return row.id, row.challenge


def _take(work: OperatorWork, challenge_id: UUID | None, staff_id: UUID | None) -> bytes | None:
    taken = work.session.execute(
        delete(OperatorChallenge)
        .where(
            OperatorChallenge.id == challenge_id, OperatorChallenge.staff_id.is_not_distinct_from(staff_id)
        )
        .returning(OperatorChallenge.challenge, OperatorChallenge.expires_at)
    ).one_or_none()
    return taken.challenge if taken is not None and taken.expires_at > work.clock.now() else None


def _of(work: OperatorWork, staff_id: UUID) -> list[OperatorPasskey]:
    query = select(OperatorPasskey).where(OperatorPasskey.staff_id == staff_id)
    return list(work.session.scalars(query.order_by(OperatorPasskey.created_at)))


def _by_credential(credential_id: bytes) -> Select[OperatorPasskey]:
    return select(OperatorPasskey).where(OperatorPasskey.credential_id == credential_id)


def _url(work: OperatorWork) -> str:
    """Passkeys of the staff answer to the staff's own host alone."""
    return work.outside.operator_url or ""
