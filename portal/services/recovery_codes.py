"""Recovery codes: ten at a time, shown once, each good once, for whoever has lost their other factor.

Kept as a keyed hash. A new list replaces the old one.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, func, select, update

from portal.db import UnitOfWork
from portal.domain import recovery_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.models.factor import RecoveryCode
from portal.services import audit, factor_letters, own_factors, sessions, throttles
from portal.services.factor_letters import Change
from portal.services.sessions import SignedIn

_PURPOSE = "recovery-code"


def make(uow: UnitOfWork) -> list[str]:
    """A new list for the actor; the only time that the codes are readable. The old list opens nothing any more."""
    employee = factor_letters.actor_row(uow)
    throttles.hold_line(uow, employee.id.bytes)
    if not own_factors.standing(uow, employee.id).bound:
        raise Refusal(Reason.NOT_PERMITTED)  # they stand in for a factor, and never alone
    forget(uow, employee.id)
    codes = [rules.spell(secrets.token_bytes(rules.CODE_BYTES)) for _ in range(rules.CODES)]
    uow.session.add_all(
        RecoveryCode(employee_id=employee.id, code_hmac=_kept(uow, employee.id, code)) for code in codes
    )
    audit.record(uow, audit.Action.RECOVERY_CODES_MADE, subject=employee, count=len(codes))
    factor_letters.tell(uow, employee, Change.RECOVERY_CODES_MADE)
    return codes


def prove(uow: UnitOfWork, person: SignedIn, typed: str) -> str:
    """Opens the session with one of the codes, which is spent, and answers its new token."""
    uow.keep_when_refused = True
    uow.actor = person.actor
    throttles.check_tries(uow, throttles.Step.RECOVERY_CODE, person.actor.email)
    employee = factor_letters.actor_row(uow)
    if Factor.RECOVERY_CODE not in own_factors.standing(uow, employee.id).usable:
        raise Refusal(Reason.RECOVERY_CODE_WRONG, field="code")
    code = rules.normalise(typed)
    good = code is not None and _spend(uow, employee.id, code)
    step = throttles.Step.RECOVERY_CODE
    throttles.note(uow, step, person.actor.email, employee.id, succeeded=good)
    if not good:
        audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="wrong-recovery-code")
        raise Refusal(Reason.RECOVERY_CODE_WRONG, field="code")
    left = uow.session.scalar(
        select(func.count(RecoveryCode.id)).where(
            RecoveryCode.employee_id == employee.id, RecoveryCode.used_at.is_(None)
        )
    )
    audit.record(uow, audit.Action.RECOVERY_CODE_USED, subject=employee, left=left)
    factor_letters.tell(uow, employee, Change.RECOVERY_CODE_USED, left=left)
    return sessions.complete(uow, person, by=Factor.RECOVERY_CODE)


def forget(uow: UnitOfWork, employee_id: UUID) -> None:
    """No code of the person opens anything any more."""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.employee_id == employee_id))


def _spend(uow: UnitOfWork, employee_id: UUID, code: str) -> bool:
    """Marks the code as used; of several at the same moment one succeeds (T65)."""
    spent = uow.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.employee_id == employee_id,
            RecoveryCode.code_hmac == _kept(uow, employee_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=uow.clock.now())
        .returning(RecoveryCode.id)
    ).one_or_none()
    return spent is not None


def _kept(uow: UnitOfWork, employee_id: UUID, code: str) -> bytes:
    """What is kept of a code: 80 random bits under the server's key, bound to their owner."""
    kept: bytes = uow.outside.master_keys.blind_index(f"{employee_id}|{code}", _PURPOSE)
    return kept
