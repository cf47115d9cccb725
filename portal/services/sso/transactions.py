"""Trips to a provider: written down before the browser leaves, taken once when it comes back.

Kept on the server, under the hash of their state; bound to one browser by the hash of its own cookie's secret.
Whatever comes back for a trip uses it up, also when it comes from the wrong place (T7, T10).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import TRANSACTION_LIFETIME, CheckName, Purpose
from portal.models.identity_provider import IdentityProvider, SsoTransaction
from portal.services import audit, sealing

#: How long the report of a test can be looked at.
_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Trip:
    """A trip as it was begun. `secrets` is what the driver of the provider's kind wants back."""

    id: UUID
    purpose: Purpose
    secrets: Mapping[str, Any]
    after: str | None
    employee_id: UUID | None
    invitation_id: UUID | None


def new_state() -> str:
    """256 random bits, for `state`, for RelayState, and for the secret of a browser's cookie."""
    return secrets.token_urlsafe(32)


def begin(
    uow: UnitOfWork,
    provider: IdentityProvider,
    purpose: Purpose,
    *,
    state: str,
    kept: Mapping[str, Any],
    browser_secret: str,
    after: str | None = None,
    employee_id: UUID | None = None,
    invitation_id: UUID | None = None,
) -> UUID:
    """Writes the trip down; what is long over is swept away."""
    now = uow.clock.now()
    uow.session.execute(delete(SsoTransaction).where(SsoTransaction.expires_at < now - _KEPT))
    trip_id = uuid4()
    text = json.dumps(dict(kept))
    uow.session.add(
        SsoTransaction(
            id=trip_id,
            provider_id=provider.id,
            purpose=purpose,
            state_hash=_hash(state),
            browser_hash=_hash(browser_secret),
            secrets_sealed=sealing.seal(
                uow, text, row=SsoTransaction, column="secrets_sealed", row_id=trip_id
            ),
            after=after,
            employee_id=employee_id,
            invitation_id=invitation_id,
            expires_at=now + TRANSACTION_LIFETIME,
        )
    )
    return trip_id


def claim(uow: UnitOfWork, provider_id: UUID, state: str, *, browser_secret: str | None) -> Trip:
    """Takes the trip that `state` names; of two answers at once one gets it.

    It is gone even when the answer came to another provider's address (T8) or in another browser (T7).
    """
    uow.keep_when_refused = True
    row = uow.session.execute(
        update(SsoTransaction)
        .where(SsoTransaction.state_hash == _hash(state), SsoTransaction.used_at.is_(None))
        .values(used_at=uow.clock.now())
        .returning(
            SsoTransaction.id,
            SsoTransaction.provider_id,
            SsoTransaction.browser_hash,
            SsoTransaction.expires_at,
        )
    ).one_or_none()
    if row is None or row.expires_at <= uow.clock.now():
        raise Refusal(Reason.SSO_TRIP_OVER)
    right_browser = browser_secret is not None and secrets.compare_digest(
        row.browser_hash, _hash(browser_secret)
    )
    if row.provider_id != provider_id or not right_browser:
        audit.record(uow, audit.Action.SSO_DENIED, reason=CheckName.BROWSER.value)
        raise Refusal(Reason.SSO_TRIP_OVER)
    return _trip(uow, row.id)


def peek(uow: UnitOfWork, trip_id: UUID, *, employee_id: UUID, browser_secret: str | None) -> Trip:
    """A trip that its own person has begun and not yet gone on, in the browser where they began it."""
    row = uow.session.execute(
        select(SsoTransaction.browser_hash).where(
            SsoTransaction.id == trip_id,
            SsoTransaction.employee_id == employee_id,
            SsoTransaction.used_at.is_(None),
            SsoTransaction.expires_at > uow.clock.now(),
        )
    ).one_or_none()
    if row is None or browser_secret is None or row.browser_hash != _hash(browser_secret):
        raise Refusal(Reason.SSO_TRIP_OVER)
    return _trip(uow, trip_id)


def keep_report(uow: UnitOfWork, trip_id: UUID, report: Mapping[str, Any]) -> None:
    """What a test found, for the admin who made it."""
    sealed = sealing.seal(
        uow, json.dumps(dict(report)), row=SsoTransaction, column="report_sealed", row_id=trip_id
    )
    uow.session.execute(
        update(SsoTransaction).where(SsoTransaction.id == trip_id).values(report_sealed=sealed)
    )


def report_of(uow: UnitOfWork, trip_id: UUID, provider_id: UUID) -> dict[str, Any]:
    """The report of the actor's own test of this provider; refused as not found to everybody else."""
    row = uow.session.execute(
        select(SsoTransaction.report_sealed).where(
            SsoTransaction.id == trip_id,
            SsoTransaction.provider_id == provider_id,
            SsoTransaction.employee_id == uow.actor.employee_id,
            SsoTransaction.report_sealed.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    text = sealing.open_text(
        uow, row.report_sealed, row=SsoTransaction, column="report_sealed", row_id=trip_id
    )
    return dict(json.loads(text))


def _trip(uow: UnitOfWork, trip_id: UUID) -> Trip:
    row = uow.session.scalars(select(SsoTransaction).where(SsoTransaction.id == trip_id)).one()
    text = sealing.open_text(
        uow, row.secrets_sealed, row=SsoTransaction, column="secrets_sealed", row_id=trip_id
    )
    return Trip(row.id, row.purpose, json.loads(text), row.after, row.employee_id, row.invitation_id)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
