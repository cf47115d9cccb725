"""Tells a company's admins, in time and once each, that the last certificate of a provider is about to end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork
from portal.domain.sso import ProviderKind, ProviderState
from portal.domain.sso_settings import SamlSettings
from portal.integrations.sso.saml import Certificate, read_certificate
from portal.models.employee import Employee
from portal.models.identity_provider import IdentityProvider
from portal.models.saml import CertificateWarning
from portal.services import audit, outbox, sign_in_policy, written_moments
from portal.services.sso import provider_access

#: Days before the end, the last first; 0 is when it is over.
DAYS = (0, 1, 3, 14, 30)


def warn(uow: UnitOfWork) -> None:
    """One letter to each admin for each threshold that has been passed since the last time."""
    rows = uow.session.scalars(
        select(IdentityProvider).where(
            IdentityProvider.kind == ProviderKind.SAML,
            IdentityProvider.state.in_([ProviderState.TESTED, ProviderState.ACTIVE]),
        )
    )
    for provider in rows:
        settings = provider_access.settings_of(provider)
        if isinstance(settings, SamlSettings) and settings.certificates:
            last = max(map(read_certificate, settings.certificates), key=lambda one: one.ends_at)
            _warn_of(uow, provider, last)


def passed_threshold(certificate: Certificate, *, now: datetime) -> int | None:
    """The smallest number of days within which the certificate ends; None while there is time."""
    return next((days for days in DAYS if certificate.ends_within(days, now=now)), None)


def _warn_of(uow: UnitOfWork, provider: IdentityProvider, certificate: Certificate) -> None:
    days = passed_threshold(certificate, now=uow.clock.now())
    if days is None or not first_time(uow, provider.id, certificate.thumbprint, days):
        return
    ids = [admin.id for admin in sign_in_policy.candidates(uow)]
    for admin in uow.session.scalars(select(Employee).where(Employee.id.in_(ids))):
        outbox.queue_mail(
            uow,
            admin,
            "certificate_ends",
            provider=provider.name,
            over=certificate.ends_at <= uow.clock.now(),
            ends_at=written_moments.for_letter(uow, admin, certificate.ends_at),
            thumbprint=certificate.thumbprint,
            link=f"{uow.outside.url}/c/{uow.company.slug}/settings/sign-in/providers/{provider.id}",
        )
    audit.record(
        uow, audit.Action.SSO_CERTIFICATE_WARNED, subject=provider, provider=provider.name, days=days
    )


def first_time(uow: UnitOfWork, provider_id: UUID, thumbprint: str, days: int) -> bool:
    """Notes that the admins are told; False when they were told before."""
    row = insert(CertificateWarning.__table__).values(  # type: ignore[arg-type]
        company_id=uow.company.id,
        id=uuid4(),
        provider_id=provider_id,
        thumbprint=thumbprint,
        days=days,
        sent_at=uow.clock.now(),
    )
    written = uow.session.execute(row.on_conflict_do_nothing().returning(CertificateWarning.__table__.c.id))
    return written.one_or_none() is not None
