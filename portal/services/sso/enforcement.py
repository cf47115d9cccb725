"""Requiring single sign-on, and taking that back. Nobody is locked out: one admin keeps password and second factor."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderState
from portal.models.identity_provider import IdentityProvider
from portal.services import access, sessions, sign_in_policy
from portal.services.company_lock import lock_company
from portal.services.sign_in_policy import PASSWORD, Policy
from portal.services.sso import notices


def require(uow: UnitOfWork, break_glass_id: UUID) -> None:
    """From now on everybody comes by a provider; who came by password is out at their next click."""
    _may_manage(uow)
    lock_company(uow)
    if not tested_by_me(uow):
        raise Refusal(Reason.SSO_NOT_TESTED)
    ready = {one.id for one in sign_in_policy.candidates(uow) if one.ready}
    if break_glass_id not in ready:
        raise Refusal(Reason.SSO_BREAK_GLASS_UNFIT, field="break_glass")
    sign_in_policy.write(uow, Policy(sso_required=True, break_glass_id=break_glass_id))
    sessions.end_all_by(uow, PASSWORD, but_of=break_glass_id)
    notices.tell_managers(uow)


def allow_passwords(uow: UnitOfWork) -> None:
    """Passwords open the door again, beside the providers."""
    _may_manage(uow)
    lock_company(uow)
    sign_in_policy.write(uow, Policy())
    notices.tell_managers(uow)


def tested_by_me(uow: UnitOfWork) -> bool:
    """Has the actor seen an active provider work with their own account?"""
    found = uow.session.scalars(
        select(IdentityProvider.id).where(
            IdentityProvider.state == ProviderState.ACTIVE,
            IdentityProvider.tested_by_id == uow.actor.employee_id,
        )
    ).first()
    return found is not None


def _may_manage(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.SIGN_IN_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
