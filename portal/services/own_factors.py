"""What stands between a person's password and the portal: which factors they have, and which still work."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select

from portal.db import UnitOfWork
from portal.domain.second_factors import Factor, counted, is_asked, may_remove
from portal.models.factor import Authenticator, Passkey, RecoveryCode
from portal.models.identity import PhoneFactor
from portal.models.identity_provider import SignInPolicy
from portal.models.role import Role, RoleGrant


@dataclass(frozen=True)
class Standing:
    """One person's factors. `bound` are set up, `stopped` those of them that too many wrong codes switched off."""

    asked: bool
    bound: frozenset[Factor]
    stopped: frozenset[Factor]
    recovery_codes: int

    @property
    def has_one(self) -> bool:
        """Has the person a second factor, working or not?"""
        return bool(counted(self.bound, asked=self.asked))

    @property
    def needed(self) -> bool:
        """Is a second factor asked for at the sign-in: by the company, or because the person set one up?"""
        return self.asked or self.has_one

    @property
    def usable(self) -> list[Factor]:
        """What the person can prove themselves with, the strongest first."""
        counting = counted(self.bound, asked=self.asked)
        working = counting - self.stopped
        if counting and self.recovery_codes:
            working.add(Factor.RECOVERY_CODE)
        return [one for one in Factor if one in working]

    @property
    def first(self) -> Factor | None:
        """What they are asked for without choosing."""
        return next(iter(self.usable), None)

    def may_lose(self, factor: Factor) -> bool:
        """Would the person still have one that works, where the company asks for one?"""
        return may_remove(self.bound - self.stopped - {factor}, asked=self.asked)


def standing(uow: UnitOfWork, employee_id: UUID | None) -> Standing:
    """How this person stands, in one statement."""
    row = uow.session.execute(
        select(
            select(Passkey.id).where(Passkey.employee_id == employee_id).exists().label("passkey"),
            _stopped(Authenticator, employee_id).label("authenticator"),
            _stopped(PhoneFactor, employee_id).label("sms"),
            select(func.count(RecoveryCode.id))
            .where(RecoveryCode.employee_id == employee_id, RecoveryCode.used_at.is_(None))
            .scalar_subquery()
            .label("recovery_codes"),
            select(RoleGrant.id)
            .join(Role, Role.id == RoleGrant.role_id)
            .where(RoleGrant.employee_id == employee_id, Role.second_factor)
            .exists()
            .label("by_role"),
            select(SignInPolicy.id)
            .where(SignInPolicy.sso_required, SignInPolicy.break_glass_id == employee_id)
            .exists()
            .label("keeps_password"),
        )
    ).one()
    states = {Factor.AUTHENTICATOR: row.authenticator, Factor.SMS: row.sms}
    bound = {factor for factor, stopped in states.items() if stopped is not None}
    return Standing(
        # Where everybody else must come by a provider, the one password left is never enough.
        asked=is_asked(uow.company.second_factor_policy, by_role=row.by_role) or row.keeps_password,
        bound=frozenset(bound | ({Factor.PASSKEY} if row.passkey else set())),
        stopped=frozenset(factor for factor, stopped in states.items() if stopped),
        recovery_codes=row.recovery_codes,
    )


def _stopped(table: type[Authenticator] | type[PhoneFactor], employee_id: UUID | None) -> ScalarSelect[bool]:
    """NULL: not set up; else whether it was switched off."""
    return (
        select(table.disabled_at.is_not(None))
        .where(table.employee_id == employee_id, table.confirmed_at.is_not(None))
        .scalar_subquery()
    )
