"""Sending a browser off to a provider: to sign in, for an admin's test, or to link one's account."""

from __future__ import annotations

from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderKind, Purpose
from portal.integrations.sso.drivers import Departure
from portal.models.identity_provider import IdentityProvider
from portal.services import sign_in_links
from portal.services.sign_in_links import LinkPurpose
from portal.services.sso import oidc, providers, saml, transactions, trip_limits


def begin(
    uow: UnitOfWork,
    provider_id: UUID,
    *,
    browser_secret: str,
    after: str | None = None,
    invitation: str | None = None,
) -> Departure:
    """A sign-in by an active provider: where to send the browser. `after` was checked by the caller."""
    provider = providers.find_open(uow, provider_id)
    trip_limits.check_start(uow)
    invitation_id = None
    if invitation is not None:
        invitation_id = sign_in_links.find_id(uow, invitation, LinkPurpose.INVITATION)
    _, departure = _depart(
        uow,
        provider,
        Purpose.SIGN_IN,
        browser_secret=browser_secret,
        after=after,
        invitation_id=invitation_id,
    )
    return departure


def begin_test(uow: UnitOfWork, provider_id: UUID, *, browser_secret: str) -> Departure:
    """An admin's test, in whatever state the provider is; it signs nobody in."""
    provider = providers.find_for_test(uow, provider_id)
    _, departure = _depart(
        uow, provider, Purpose.TEST, browser_secret=browser_secret, employee_id=uow.actor.employee_id
    )
    return departure


def begin_link(uow: UnitOfWork, provider_id: UUID, *, browser_secret: str) -> UUID:
    """The trip by which somebody signed in adds their account; they go on to it from a page of their own."""
    provider = providers.find_open(uow, provider_id)
    trip_id, _ = _depart(
        uow, provider, Purpose.LINK, browser_secret=browser_secret, employee_id=uow.actor.employee_id
    )
    return trip_id


def go_on(uow: UnitOfWork, trip_id: UUID, *, browser_secret: str | None) -> Departure:
    """Where a trip leads that the actor has begun in this browser."""
    if uow.actor.employee_id is None:
        raise Refusal(Reason.SSO_TRIP_OVER)
    trip = transactions.peek(uow, trip_id, employee_id=uow.actor.employee_id, browser_secret=browser_secret)
    return Departure(str(trip.secrets["url"]), {}, posted_back=bool(trip.secrets["posted_back"]))


def _depart(
    uow: UnitOfWork,
    provider: IdentityProvider,
    purpose: Purpose,
    *,
    browser_secret: str,
    after: str | None = None,
    employee_id: UUID | None = None,
    invitation_id: UUID | None = None,
) -> tuple[UUID, Departure]:
    state = transactions.new_state()
    departure = _departure(uow, provider, state)
    trip_id = transactions.begin(
        uow,
        provider,
        purpose,
        state=state,
        kept={**departure.secrets, "url": departure.url, "posted_back": departure.posted_back},
        browser_secret=browser_secret,
        after=after,
        employee_id=employee_id,
        invitation_id=invitation_id,
    )
    return trip_id, departure


def _departure(uow: UnitOfWork, provider: IdentityProvider, state: str) -> Departure:
    """Each kind of provider has its own way to ask."""
    if provider.kind is ProviderKind.SAML:
        return saml.depart(uow, provider, state)
    return oidc.depart(uow, provider, state)
