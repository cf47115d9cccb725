"""E-mail domains of a company: claimed by an admin, proven by a TXT record, given up again.

Whether a domain counts is the row in verified_domain alone, which one company can hold. What becomes of a
proven domain whose record is gone is in domain_checks.py.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork
from portal.domain import email_domains
from portal.domain.email_domains import DomainStatus, Finding
from portal.domain.refusals import Reason, Refusal
from portal.integrations.dns import ascii_name, readable_name
from portal.models.company import VerifiedDomain
from portal.models.domain_claim import DomainClaim
from portal.services import access, audit
from portal.services.company_lock import lock_company


@dataclass(frozen=True)
class ClaimLine:
    """A domain as the admins' page shows it."""

    id: UUID
    domain: str
    #: In its own letters, when the DNS writes it with others.
    readable: str | None
    status: DomainStatus
    vouched: bool
    record_name: str
    record_value: str
    checked_at: datetime | None
    finding: Finding | None
    #: Verified, but the record is missed: until when it goes on counting.
    counts_until: datetime | None


def list_all(uow: UnitOfWork) -> list[ClaimLine]:
    """Every domain of the company by name."""
    return [_line(row) for row in uow.session.scalars(select(DomainClaim).order_by(DomainClaim.domain))]


def claim(uow: UnitOfWork, typed: str) -> UUID:
    """Notes that the company says this domain is its own. Whoever else says so is neither asked nor told (T101)."""
    domain = checked_name(typed)
    lock_company(uow)  # or two at once would pass the limit
    if uow.session.scalar(select(DomainClaim.id).where(DomainClaim.domain == domain)) is not None:
        raise Refusal(Reason.DOMAIN_CLAIMED_ALREADY, field="domain")
    held = uow.session.scalar(select(func.count()).select_from(DomainClaim)) or 0
    if held >= email_domains.MOST_DOMAINS:
        raise Refusal(Reason.DOMAIN_LIMIT, field="domain", limit=email_domains.MOST_DOMAINS)
    row = DomainClaim(
        id=uuid4(),
        domain=domain,
        token=secrets.token_hex(20),
        status=DomainStatus.WAITING,
        claimed_by_id=uow.actor.employee_id,
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.DOMAIN_CLAIMED, subject=row, domain=domain)
    return row.id


def vouch(uow: UnitOfWork, typed: str) -> None:
    """Makes a domain count by the operator's word, for a company that has not signed in yet."""
    domain = checked_name(typed)
    if not take(uow, domain):
        raise Refusal(Reason.DOMAIN_TAKEN, field="domain")
    row = DomainClaim(domain=domain, token=secrets.token_hex(20), status=DomainStatus.VERIFIED, vouched=True)
    uow.session.add(row)
    audit.record(uow, audit.Action.DOMAIN_VERIFIED, subject=row, domain=domain)


def remove(uow: UnitOfWork, claim_id: UUID) -> str:
    """Gives the domain up; says which. Anybody may claim it from now on."""
    row = access.one_or_refuse(
        uow, select(DomainClaim).where(DomainClaim.id == claim_id).with_for_update(key_share=True)
    )
    release(uow, row.domain)
    uow.session.delete(row)
    audit.record(uow, audit.Action.DOMAIN_REMOVED, subject=row, domain=row.domain)
    return row.domain


def checked_name(typed: str) -> str:
    """The domain as the DNS writes it; refused when it is none, or nobody's own."""
    name = email_domains.bare(typed)
    if not name:
        raise Refusal(Reason.MISSING, field="domain")
    try:
        return email_domains.checked(ascii_name(name))
    except ValueError:
        raise Refusal(Reason.DOMAIN_INVALID, field="domain") from None


def take(uow: UnitOfWork, domain: str) -> bool:
    """Makes the domain lead to this company, unless it leads to one already; of two at once, one succeeds."""
    taken = uow.session.execute(
        insert(VerifiedDomain)
        .values(domain=domain, company_id=uow.company.id)
        .on_conflict_do_nothing()
        .returning(VerifiedDomain.domain)
    ).one_or_none()
    return taken is not None


def release(uow: UnitOfWork, domain: str) -> None:
    """The domain leads to this company no longer; one of another company is not touched."""
    uow.session.execute(
        delete(VerifiedDomain).where(
            VerifiedDomain.domain == domain, VerifiedDomain.company_id == uow.company.id
        )
    )


def _line(row: DomainClaim) -> ClaimLine:
    readable = readable_name(row.domain)
    missed = row.status is DomainStatus.VERIFIED and row.missing_since is not None
    return ClaimLine(
        id=row.id,
        domain=row.domain,
        readable=readable if readable != row.domain else None,
        status=row.status,
        vouched=row.vouched,
        record_name=email_domains.record_name(row.domain),
        record_value=email_domains.record_value(row.token),
        checked_at=row.checked_at,
        finding=row.finding,
        counts_until=email_domains.counts_until(row.missing_since) if missed and row.missing_since else None,
    )
