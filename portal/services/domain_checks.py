"""Looks for the TXT records of claimed domains: when an admin asks, and once a month for those that count.

A record that is gone warns the admins first; the domain stops counting when it stays away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import email_domains
from portal.domain.email_domains import DomainStatus, Finding, Step
from portal.domain.permissions import Permission
from portal.integrations.dns import NoAnswer, readable_name
from portal.models.domain_claim import DomainClaim
from portal.services import access, audit, domains, outbox, written_moments
from portal.services.permission_holders import active_holders


@dataclass(frozen=True)
class Question:
    """What the DNS is to be asked about one domain. It may be silent for long, so `ask` needs no database."""

    claim_id: UUID
    domain: str
    dns: Any = field(repr=False)

    def ask(self) -> list[str] | None:
        """The values of the record; None when nobody answered."""
        try:
            found: list[str] = self.dns.txt(email_domains.record_name(self.domain))
        except NoAnswer:
            return None
        return found


def prepare(uow: UnitOfWork, claim_id: UUID) -> Question:
    """The first half of a check."""
    claim = access.one_or_refuse(uow, select(DomainClaim).where(DomainClaim.id == claim_id))
    return Question(claim.id, claim.domain, uow.outside.dns)


def check(uow: UnitOfWork, claim_id: UUID, values: list[str] | None) -> DomainClaim:
    """Writes down what the answer changes."""
    query = select(DomainClaim).where(DomainClaim.id == claim_id).with_for_update(key_share=True)
    claim = access.one_or_refuse(uow, query.execution_options(populate_existing=True))
    found = email_domains.finding(values, claim.token)
    claim.checked_at = uow.clock.now()
    claim.finding = found
    if claim.status is not DomainStatus.VERIFIED or claim.vouched:
        _prove(uow, claim, found)
    else:
        _keep(uow, claim, found)
    return claim


def due(uow: UnitOfWork) -> list[UUID]:
    """The proven domains whose month is over, and those whose record is being missed."""
    rows = uow.session.execute(
        select(DomainClaim.id, DomainClaim.last_found_at).where(
            DomainClaim.status == DomainStatus.VERIFIED, DomainClaim.vouched.is_(False)
        )
    )
    now = uow.clock.now()
    return [row.id for row in rows if row.last_found_at and email_domains.is_due(row.last_found_at, now)]


def _prove(uow: UnitOfWork, claim: DomainClaim, found: Finding) -> None:
    """The first to prove a domain gets it; a record in the DNS of a domain that another holds changes nothing."""
    if found is not Finding.FOUND or not (claim.vouched or domains.take(uow, claim.domain)):
        audit.record(uow, audit.Action.DOMAIN_CHECKED, subject=claim, domain=claim.domain)
        return
    claim.status = DomainStatus.VERIFIED
    claim.vouched = False
    claim.last_found_at = claim.checked_at
    claim.missing_since = None
    audit.record(uow, audit.Action.DOMAIN_VERIFIED, subject=claim, domain=claim.domain)


def _keep(uow: UnitOfWork, claim: DomainClaim, found: Finding) -> None:
    now = uow.clock.now()
    step = email_domains.next_step(
        found,
        last_found_at=claim.last_found_at or claim.created_at,
        missing_since=claim.missing_since,
        now=now,
    )
    action = audit.Action.DOMAIN_CHECKED
    if found is Finding.FOUND:
        claim.last_found_at, claim.missing_since = now, None
    elif step is Step.WARN:
        claim.missing_since, action = now, audit.Action.DOMAIN_MISSING
        _tell_admins(uow, claim, "domain_missing")
    elif step is Step.LOSE:
        claim.status, claim.missing_since = DomainStatus.LOST, None
        action = audit.Action.DOMAIN_LOST
        domains.release(uow, claim.domain)
        _tell_admins(uow, claim, "domain_lost")
    audit.record(uow, action, subject=claim, domain=claim.domain)


def _tell_admins(uow: UnitOfWork, claim: DomainClaim, letter: str) -> None:
    """Everybody who can repair it hears of it."""
    for admin in active_holders(uow, Permission.COMPANY_EDIT):
        until = {}
        if claim.missing_since is not None:
            moment = email_domains.counts_until(claim.missing_since)
            until = {"until": written_moments.for_letter(uow, admin, moment)}
        outbox.queue_mail(
            uow,
            admin,
            letter,
            domain=readable_name(claim.domain),
            record_name=email_domains.record_name(claim.domain),
            record_value=email_domains.record_value(claim.token),
            link=f"{uow.outside.url}/c/{uow.company.slug}/settings/domains",
            **until,
        )
