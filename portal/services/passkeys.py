"""Passkeys (WebAuthn): added, named, used and removed by their owner. What they sign is checked by the integration.

Each ceremony has its own challenge, for one session and purpose, good once and for a few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.integrations import passkeys as webauthn
from portal.integrations.passkeys import KnownKey, PasskeyRefused
from portal.models.employee import Employee
from portal.models.factor import Passkey, PasskeyChallenge
from portal.services import (
    access,
    audit,
    enrolment,
    factor_letters,
    own_factors,
    recovery_codes,
    sessions,
    throttles,
)
from portal.services.enrolment import Enrolled
from portal.services.factor_letters import Change
from portal.services.sessions import SignedIn

MOST = 20
LONGEST_NAME = 60
_LIFETIME = timedelta(minutes=5)
_REGISTER, _PROVE = "register", "prove"


@dataclass(frozen=True)
class PasskeyLine:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    added_at: datetime
    last_used_at: datetime | None


def list_mine(uow: UnitOfWork) -> list[PasskeyLine]:
    """The actor's passkeys, the oldest first."""
    rows = _of(uow, uow.actor.employee_id)
    return [PasskeyLine(row.id, row.name, row.created_at, row.last_used_at) for row in rows]


def registration_options(uow: UnitOfWork, person: SignedIn) -> str:
    """Begins adding one: what the browser needs, as JSON."""
    employee = enrolment.check_allowed(uow, person)
    challenge = _challenge(uow, person, employee.id, _REGISTER)
    return webauthn.registration_options(
        uow.outside.url,
        challenge,
        handle=employee.id.bytes,
        email=employee.email,
        name=employee.name,
        known=_known(uow, employee.id),
    )


def register(uow: UnitOfWork, person: SignedIn, answer: str, *, name: str) -> Enrolled:
    """Keeps the public half of the passkey that the browser made."""
    employee = enrolment.check_allowed(uow, person)
    _check_name(name)
    challenge = _take_challenge(uow, person, _REGISTER)
    try:
        made = webauthn.verify_registration(uow.outside.url, challenge, answer)
    except PasskeyRefused:
        raise Refusal(Reason.PASSKEY_REFUSED) from None
    _check_new(uow, employee, made.credential_id)
    row = Passkey(
        employee_id=employee.id,
        name=name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        created_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # what follows asks how the person stands
    audit.record(uow, audit.Action.PASSKEY_ADDED, subject=employee, passkey=name)
    factor_letters.tell(uow, employee, Change.PASSKEY_ADDED, name=name)
    return enrolment.finish(uow, person, Factor.PASSKEY)


def proof_options(uow: UnitOfWork, person: SignedIn) -> str:
    """Begins a proof: what the browser needs to sign with one of the person's passkeys, as JSON."""
    known = _known(uow, person.actor.employee_id)
    if not known or person.actor.employee_id is None:
        raise Refusal(Reason.PASSKEY_REFUSED)
    challenge = _challenge(uow, person, person.actor.employee_id, _PROVE)
    return webauthn.proof_options(uow.outside.url, challenge, known=known)


def prove(uow: UnitOfWork, person: SignedIn, answer: str) -> str:
    """Opens the session when one of the person's own passkeys signed its challenge; answers its new token."""
    uow.keep_when_refused = True
    uow.actor = person.actor
    email, employee_id = person.actor.email, person.actor.employee_id
    row = _signed(uow, person, answer)
    throttles.note(uow, throttles.Step.PASSKEY, email, employee_id, succeeded=row is not None)
    if row is None:
        audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="passkey-refused")
        raise Refusal(Reason.PASSKEY_REFUSED)
    row.last_used_at = uow.clock.now()
    return sessions.complete(uow, person, by=Factor.PASSKEY)


def rename(uow: UnitOfWork, passkey_id: UUID, name: str) -> None:
    """Another name for one of the actor's own."""
    _check_name(name)
    row = _mine(uow, passkey_id)
    employee = factor_letters.actor_row(uow)
    audit.record(uow, audit.Action.PASSKEY_RENAMED, subject=employee, passkey=name, called_before=row.name)
    row.name = name


def remove(uow: UnitOfWork, passkey_id: UUID) -> None:
    """Takes one of the actor's own away, unless the company asks for a factor and no other works."""
    employee = factor_letters.actor_row(uow)
    throttles.hold_line(uow, employee.id.bytes)
    row = _mine(uow, passkey_id)
    standing = own_factors.standing(uow, employee.id)
    last = len(_of(uow, employee.id)) == 1
    if last and not standing.may_lose(Factor.PASSKEY):
        raise Refusal(Reason.LAST_FACTOR)
    uow.session.delete(row)
    if last and standing.bound == {Factor.PASSKEY}:
        recovery_codes.forget(uow, employee.id)
    audit.record(uow, audit.Action.PASSKEY_REMOVED, subject=employee, passkey=row.name)
    factor_letters.tell(uow, employee, Change.PASSKEY_REMOVED, name=row.name)


def take_away(uow: UnitOfWork, employee_id: UUID) -> bool:
    """Removes all passkeys of somebody; False when there was none."""
    rows = _of(uow, employee_id)
    for row in rows:
        uow.session.delete(row)
    return bool(rows)


def _signed(uow: UnitOfWork, person: SignedIn, answer: str) -> Passkey | None:
    """The passkey that made this answer, locked and counted on; None when anything about it is wrong."""
    try:
        challenge = _take_challenge(uow, person, _PROVE)
        credential_id = webauthn.credential_of(answer)
        row = uow.session.scalars(
            select(Passkey)
            .where(Passkey.employee_id == person.actor.employee_id, Passkey.credential_id == credential_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            return None
        row.sign_count = webauthn.verify_proof(
            uow.outside.url, challenge, answer, public_key=row.public_key, sign_count=row.sign_count
        )
    except (PasskeyRefused, Refusal):
        return None
    return row


def _challenge(uow: UnitOfWork, person: SignedIn, employee_id: UUID, purpose: str) -> bytes:
    """A new challenge; those of this session before it are void."""
    uow.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.session_id == person.session_id))
    challenge = webauthn.new_challenge()
    uow.session.add(
        PasskeyChallenge(
            employee_id=employee_id,
            session_id=person.session_id,
            purpose=purpose,
            challenge=challenge,
            expires_at=uow.clock.now() + _LIFETIME,
        )
    )
    return challenge


def _take_challenge(uow: UnitOfWork, person: SignedIn, purpose: str) -> bytes:
    """The challenge of this session and purpose, which is good no more."""
    taken = uow.session.execute(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.session_id == person.session_id,
            PasskeyChallenge.purpose == purpose,
        )
        .returning(PasskeyChallenge.challenge, PasskeyChallenge.expires_at)
    ).one_or_none()
    if taken is None or taken.expires_at <= uow.clock.now():
        raise Refusal(Reason.PASSKEY_REFUSED)
    challenge: bytes = taken.challenge
    return challenge


def _check_new(uow: UnitOfWork, employee: Employee, credential_id: bytes) -> None:
    if len(_of(uow, employee.id)) >= MOST:
        raise Refusal(Reason.PASSKEYS_TOO_MANY, limit=MOST)
    taken = select(Passkey.id).where(Passkey.credential_id == credential_id)
    if uow.session.scalar(taken) is not None:
        raise Refusal(Reason.PASSKEY_REFUSED)


def _check_name(name: str) -> None:
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)


def _mine(uow: UnitOfWork, passkey_id: UUID) -> Passkey:
    owned = select(Passkey).where(Passkey.id == passkey_id, Passkey.employee_id == uow.actor.employee_id)
    return access.one_or_refuse(uow, owned)


def _known(uow: UnitOfWork, employee_id: UUID | None) -> list[KnownKey]:
    return [KnownKey(row.credential_id, row.transports) for row in _of(uow, employee_id)]


def _of(uow: UnitOfWork, employee_id: UUID | None) -> list[Passkey]:
    return list(
        uow.session.scalars(
            select(Passkey).where(Passkey.employee_id == employee_id).order_by(Passkey.created_at)
        )
    )
