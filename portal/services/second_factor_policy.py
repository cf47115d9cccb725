"""Whom a company asks for a second factor, changed by its admins. It counts from everybody's next click on (T58)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Policy
from portal.models.company import Company
from portal.models.role import Role
from portal.services import audit, companies, roles
from portal.services.company_lock import lock_company


@dataclass(frozen=True)
class NamedRole:
    """A role that the policy may name."""

    id: UUID
    key: str
    name: str
    named: bool


def nameable_roles(uow: UnitOfWork) -> list[NamedRole]:
    """Every role but the one that everybody holds: naming that one is the policy for everyone."""
    rows = uow.session.scalars(select(Role).where(Role.key != roles.EVERYONE).order_by(Role.name))
    return [NamedRole(row.id, row.key, row.name, row.second_factor) for row in rows]


def change(uow: UnitOfWork, policy: Policy, role_ids: Collection[UUID]) -> None:
    """Writes the policy and the roles it names. The page has asked for a fresh proof of who asks for it."""
    lock_company(uow)
    rows = list(uow.session.scalars(select(Role).where(Role.key != roles.EVERYONE)))
    if not set(role_ids) <= {row.id for row in rows}:
        raise Refusal(Reason.NOT_FOUND)
    if policy is Policy.NAMED_ROLES and not role_ids:
        raise Refusal(Reason.MISSING, field="roles")
    company = uow.session.scalars(select(Company).where(Company.id == uow.company.id)).one()
    company.second_factor_policy = policy
    for row in rows:
        row.second_factor = row.id in role_ids
    named = sorted(row.key for row in rows if row.second_factor)
    audit.record(uow, audit.Action.SECOND_FACTOR_POLICY_CHANGED, subject=company, roles=named)
    uow.company = companies.facts(company)
