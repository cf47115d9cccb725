"""Whether everybody must come by a provider, and the one admin who keeps a password for the day it is down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.factor import Authenticator, Passkey
from portal.models.identity import Identity, PhoneFactor, SignInSession
from portal.models.identity_provider import SignInPolicy
from portal.services import audit
from portal.services.permission_holders import holding

PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True)
class Policy:
    """How the company's people sign in."""

    sso_required: bool = False
    break_glass_id: UUID | None = None

    def shuts_out(self, employee_id: UUID) -> bool:
        """Is a password of this person worth nothing?"""
        return self.sso_required and employee_id != self.break_glass_id


@dataclass(frozen=True)
class Candidate:
    """An admin who could keep the emergency password: `ready` when they have a password and a second factor."""

    id: UUID
    name: str
    email: str
    ready: bool


def current(uow: UnitOfWork) -> Policy:
    """The rule as it stands; a company that never chose has none."""
    row = uow.session.execute(select(SignInPolicy.sso_required, SignInPolicy.break_glass_id)).one_or_none()
    return Policy(row.sso_required, row.break_glass_id) if row is not None else Policy()


def by_open_way() -> ColumnElement[bool]:
    """The condition that a session came by a way that the company still leaves open, for every request."""
    by_password = and_(Identity.id == SignInSession.identity_id, Identity.provider == PASSWORD)
    shut_out = (
        select(SignInPolicy.id)
        .join(Identity, by_password)
        .where(SignInPolicy.sso_required, SignInPolicy.break_glass_id != SignInSession.employee_id)
        .correlate(SignInSession)
    )
    return not_(shut_out.exists())


def candidates(uow: UnitOfWork) -> list[Candidate]:
    """Active people who may manage the sign-in, by name."""
    factor = or_(
        select(Passkey.id).where(Passkey.employee_id == Employee.id).exists(),
        *(
            select(table.id)
            .where(
                table.employee_id == Employee.id, table.confirmed_at.is_not(None), table.disabled_at.is_(None)
            )
            .exists()
            for table in (Authenticator, PhoneFactor)
        ),
    )
    rows = uow.session.execute(
        select(Employee, Identity.password_hash.is_not(None), factor)
        .outerjoin(Identity, and_(Identity.employee_id == Employee.id, Identity.provider == PASSWORD))
        .where(Employee.active, Employee.id.in_(holding(Permission.SIGN_IN_MANAGE)))
        .order_by(Employee.last_name, Employee.first_name)
    )
    return [Candidate(one.id, one.name, one.email, bool(word and proof)) for one, word, proof in rows]


def write(uow: UnitOfWork, wanted: Policy) -> None:
    """Keeps the rule and records it; the caller has checked everything."""
    row = uow.session.scalars(select(SignInPolicy).with_for_update()).one_or_none()
    if row is None:
        row = SignInPolicy()
        uow.session.add(row)
    row.sso_required = wanted.sso_required
    row.break_glass_id = wanted.break_glass_id
    uow.session.flush()  # the company's one row: a second writer at the same moment is refused here
    audit.record(uow, audit.Action.SIGN_IN_POLICY_CHANGED, subject=row)


def keep_break_glass(uow: UnitOfWork, *employee_ids: UUID) -> None:
    """Refuses to take rights or work from the one person who gets in when the provider is down."""
    policy = current(uow)
    if policy.sso_required and policy.break_glass_id in employee_ids:
        raise Refusal(Reason.SSO_BREAK_GLASS_KEPT)
