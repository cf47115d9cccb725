"""Tells a company's admins, in time and once each, that the client secret of a provider is about to end.

Vendors end secrets on a day of their own and say so to nobody: the admin writes the day down when entering one.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.sso import ProviderState
from portal.models.employee import Employee
from portal.models.identity_provider import IdentityProvider
from portal.services import audit, outbox, sign_in_policy, written_moments
from portal.services.sso import certificate_warnings

#: Days before the last day, the last first; 0 is when it is over.
DAYS = (0, 1, 7, 30)


def warn(uow: UnitOfWork) -> None:
    """One letter to each admin for each threshold that has been passed since the last time."""
    rows = uow.session.scalars(
        select(IdentityProvider).where(
            IdentityProvider.secret_expires_on.is_not(None),
            IdentityProvider.state.in_([ProviderState.TESTED, ProviderState.ACTIVE]),
        )
    )
    for provider in rows:
        if provider.secret_expires_on is not None:
            _warn_of(uow, provider, provider.secret_expires_on)


def passed_threshold(last_day: date, *, today: date) -> int | None:
    """The smallest number of days that are left at most; None while there is time."""
    left = (last_day - today).days
    return next((days for days in DAYS if left <= days), None)


def _warn_of(uow: UnitOfWork, provider: IdentityProvider, last_day: date) -> None:
    days = passed_threshold(last_day, today=uow.today())
    mark = f"secret until {last_day.isoformat()}"
    if days is None or not certificate_warnings.first_time(uow, provider.id, mark, days):
        return
    ids = [admin.id for admin in sign_in_policy.candidates(uow)]
    for admin in uow.session.scalars(select(Employee).where(Employee.id.in_(ids))):
        outbox.queue_mail(
            uow,
            admin,
            "secret_ends",
            provider=provider.name,
            over=last_day <= uow.today(),
            ends_on=written_moments.day_for_letter(admin, last_day),
            link=f"{uow.outside.url}/c/{uow.company.slug}/settings/sign-in/providers/{provider.id}",
        )
    audit.record(uow, audit.Action.SSO_SECRET_WARNED, subject=provider, provider=provider.name, days=days)
