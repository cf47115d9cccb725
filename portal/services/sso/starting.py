"""Sending a browser off to a provider: to sign in, for an admin's test, or to link one's account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Check, CheckName, ProviderKind, Purpose
from portal.integrations.sso.drivers import Departure, ProviderDown
from portal.models.identity_provider import IdentityProvider
from portal.services import sign_in_links
from portal.services.sign_in_links import LinkPurpose
from portal.services.sso import entering, oidc, provider_access, saml, transactions, trip_limits


@dataclass(frozen=True)
class Outing:
    """A trip that is about to begin. `ask` gets the provider's address for it, and needs no database for that."""

    provider_id: UUID
    purpose: Purpose
    state: str = field(repr=False)
    ask: Callable[[], Departure | ProviderDown]
    after: str | None = None
    employee_id: UUID | None = None
    invitation_id: UUID | None = None


def begin(
    uow: UnitOfWork, provider_id: UUID, *, after: str | None = None, invitation: str | None = None
) -> Outing:
    """A sign-in by an active provider. `after` was checked by the caller."""
    provider = provider_access.find_open(uow, provider_id)
    trip_limits.check_start(uow)
    invitation_id = None
    if invitation is not None:
        try:
            invitation_id = sign_in_links.find_id(uow, invitation, LinkPurpose.INVITATION)
        except Refusal:
            sign_in_links.note_dead(uow, invitation, LinkPurpose.INVITATION)
            raise
    return _outing(uow, provider, Purpose.SIGN_IN, after=after, invitation_id=invitation_id)


def begin_test(uow: UnitOfWork, provider_id: UUID) -> Outing:
    """An admin's test, in whatever state the provider is; it signs nobody in."""
    provider = provider_access.find_for_test(uow, provider_id)
    return _outing(uow, provider, Purpose.TEST, employee_id=uow.actor.employee_id)


def begin_link(uow: UnitOfWork, provider_id: UUID) -> Outing:
    """Somebody signed in adds their account; they go on to the provider from a page of their own."""
    provider = provider_access.find_open(uow, provider_id)
    return _outing(uow, provider, Purpose.LINK, employee_id=uow.actor.employee_id)


def set_off(
    uow: UnitOfWork, outing: Outing, asked: Departure | ProviderDown, *, browser_secret: str
) -> tuple[UUID, Departure]:
    """Writes the trip down and says where it leads; 503 when the provider could not be reached for that.

    The provider was asked meanwhile, so whether it is still there, and still open, is looked up again.
    """
    find = provider_access.find_for_test if outing.purpose is Purpose.TEST else provider_access.find_open
    provider = find(uow, outing.provider_id)
    if isinstance(asked, ProviderDown):
        entering.deny(uow, provider, Check(CheckName.REACHED, passed=False, seen=str(asked)[:100]), None)
        raise Refusal(Reason.SSO_UNAVAILABLE)
    trip_id = transactions.begin(
        uow,
        provider,
        outing.purpose,
        state=outing.state,
        kept={**asked.secrets, "url": asked.url, "posted_back": asked.posted_back},
        browser_secret=browser_secret,
        after=outing.after,
        employee_id=outing.employee_id,
        invitation_id=outing.invitation_id,
    )
    return trip_id, asked


def go_on(uow: UnitOfWork, trip_id: UUID, *, browser_secret: str | None) -> Departure:
    """Where a trip leads that the actor has begun in this browser."""
    if uow.actor.employee_id is None:
        raise Refusal(Reason.SSO_TRIP_OVER)
    trip = transactions.peek(uow, trip_id, employee_id=uow.actor.employee_id, browser_secret=browser_secret)
    return Departure(str(trip.secrets["url"]), {}, posted_back=bool(trip.secrets["posted_back"]))


def _outing(
    uow: UnitOfWork,
    provider: IdentityProvider,
    purpose: Purpose,
    *,
    after: str | None = None,
    employee_id: UUID | None = None,
    invitation_id: UUID | None = None,
) -> Outing:
    """Each kind of provider has its own way to ask."""
    state = transactions.new_state()
    ask: Callable[[], Departure | ProviderDown]
    if provider.kind is ProviderKind.SAML:
        departure = saml.depart(uow, provider, state)
        ask = lambda: departure  # noqa: E731  nobody has to be asked
    else:
        ask = oidc.prepare(uow, provider, state).ask
    return Outing(provider.id, purpose, state, ask, after, employee_id, invitation_id)
