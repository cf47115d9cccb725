"""Identity providers that are set up, tested and active, and domains that are verified."""

from __future__ import annotations

from uuid import UUID, uuid4

from portal.db import UnitOfWork
from portal.domain.sso import Joining, ProviderKind, ProviderState
from portal.models import Identity, IdentityProvider, VerifiedDomain
from portal.services import sealing

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
OTHER_TENANT = "0f0e0d0c-0b0a-4908-8706-050403020100"
CLIENT = {
    ProviderKind.GOOGLE: {"client_id": "123-acme.apps.googleusercontent.com"},
    ProviderKind.MICROSOFT: {"client_id": "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "tenant_id": TENANT},
    ProviderKind.SAML: {},
}
SECRET = "secret-of-the-client-which-is-long-enough"


def make_provider(
    uow: UnitOfWork, kind: ProviderKind = ProviderKind.GOOGLE, name: str | None = None, **columns
) -> IdentityProvider:
    """An active provider with its secret; `columns` say what is different."""
    values = {"state": ProviderState.ACTIVE, "joining": Joining.INVITED, "settings": CLIENT[kind], **columns}
    provider = IdentityProvider(id=uuid4(), kind=kind, name=name or kind.value.capitalize(), **values)
    provider.secret_sealed = sealing.seal(
        uow, SECRET, row=IdentityProvider, column="secret_sealed", row_id=provider.id
    )
    uow.session.add(provider)
    uow.session.flush()
    return provider


def verify_domain(uow: UnitOfWork, domain: str) -> None:
    """As the operator or a DNS record would."""
    uow.session.add(VerifiedDomain(domain=domain, company_id=uow.company.id))
    uow.session.flush()


def give_account(uow: UnitOfWork, provider: IdentityProvider, employee_id: UUID, subject: str) -> Identity:
    """The person has signed in with this account of the provider before."""
    identity = Identity(employee_id=employee_id, provider=str(provider.id), subject=subject)
    uow.session.add(identity)
    uow.session.flush()
    return identity
