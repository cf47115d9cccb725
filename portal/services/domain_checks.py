"""Looks for the TXT records of claimed domains: when an admin asks, and once a month for those that count.

A record that is gone warns the admins first; the domain stops counting when it stays away.
"""

from __future__ import annotations

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


def check(uow: UnitOfWork, claim_id: UUID) -> DomainClaim:
    """Looks now, and writes down what that changes."""
    query = select(DomainClaim).where(DomainClaim.id == claim_id)
    claim = access.one_or_refuse(uow, query)
    found = email_domains.finding(_values(uow, claim.domain), claim.token)
    # Only now, so that nobody waits for the DNS of somebody else.
    claim = access.one_or_refuse(
        uow, query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )
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


def _values(uow: UnitOfWork, domain: str) -> list[str] | None:
    try:
        found: list[str] = uow.outside.dns.txt(email_domains.record_name(domain))
    except NoAnswer:
        return None
    return found


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
