"""The portal's own keys for one SAML provider: one in use, and the next one beside it while the provider changes over.

Sealed with the company's key. A new key is published in our metadata first, and signs only when an admin says that the
provider knows it: some refuse requests that are signed with a key they have never seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderKind
from portal.integrations.sso import saml as protocol
from portal.integrations.sso.saml import Certificate, KeyPair
from portal.models.identity_provider import IdentityProvider
from portal.services import audit, sealing
from portal.services.sso import notices, provider_access

_COLUMN = "keys_sealed"


@dataclass(frozen=True)
class OwnKeys:
    """The pairs, the one in use first; `signs` when requests are signed with it."""

    pairs: tuple[KeyPair, ...] = ()
    signs: bool = False


@dataclass(frozen=True)
class OwnKeyLine:
    """A key as the set-up page shows it: its public half, and whether it signs."""

    certificate: Certificate
    signs: bool


def read(uow: UnitOfWork, provider: IdentityProvider) -> OwnKeys:
    """The keys, opened: for our metadata, our requests and the answers to them; no page gets the private halves."""
    if provider.keys_sealed is None:
        return OwnKeys()
    text = sealing.open_text(
        uow, provider.keys_sealed, row=IdentityProvider, column=_COLUMN, row_id=provider.id
    )
    kept = json.loads(text)
    return OwnKeys(tuple(KeyPair(*pair) for pair in kept["pairs"]), kept["signs"])


def show(uow: UnitOfWork, provider_id: UUID) -> list[OwnKeyLine]:
    """For the set-up page."""
    keys = read(uow, provider_access.find_for_test(uow, provider_id))
    return [
        OwnKeyLine(protocol.read_certificate(pair.certificate), keys.signs and number == 0)
        for number, pair in enumerate(keys.pairs)
    ]


def make(uow: UnitOfWork, provider_id: UUID) -> None:
    """Another key; it is published, and nothing else changes yet."""
    provider, keys = _find(uow, provider_id)
    if len(keys.pairs) >= protocol.MOST:
        raise Refusal(Reason.SAML_KEYS_FULL)
    made = protocol.make_key_pair(f"Staffroom {uow.company.slug}", now=uow.clock.now())
    _write(uow, provider, OwnKeys((*keys.pairs, made), keys.signs))


def use(uow: UnitOfWork, provider_id: UUID, thumbprint: str) -> None:
    """From now on requests are signed with this one; the other still opens what was encrypted for it."""
    provider, keys = _find(uow, provider_id)
    chosen = _one(keys, thumbprint)
    _write(uow, provider, OwnKeys((chosen, *(pair for pair in keys.pairs if pair != chosen)), signs=True))


def take_away(uow: UnitOfWork, provider_id: UUID, thumbprint: str) -> None:
    """Forgets a key. Without the one that signs, requests go unsigned until an admin chooses another."""
    provider, keys = _find(uow, provider_id)
    gone = _one(keys, thumbprint)
    left = tuple(pair for pair in keys.pairs if pair != gone)
    _write(uow, provider, OwnKeys(left, keys.signs and keys.pairs[0] != gone))


def _find(uow: UnitOfWork, provider_id: UUID) -> tuple[IdentityProvider, OwnKeys]:
    provider = provider_access.find(uow, provider_id)
    if provider.kind is not ProviderKind.SAML:
        raise Refusal(Reason.NOT_FOUND)
    return provider, read(uow, provider)


def _one(keys: OwnKeys, thumbprint: str) -> KeyPair:
    for pair in keys.pairs:
        if protocol.read_certificate(pair.certificate).thumbprint == thumbprint:
            return pair
    raise Refusal(Reason.NOT_FOUND)


def _write(uow: UnitOfWork, provider: IdentityProvider, keys: OwnKeys) -> None:
    pairs = [[pair.private_key, pair.certificate] for pair in keys.pairs]
    text = json.dumps({"pairs": pairs, "signs": keys.signs})
    provider.keys_sealed = (
        sealing.seal(uow, text, row=IdentityProvider, column=_COLUMN, row_id=provider.id) if pairs else None
    )
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_CHANGED, subject=provider)
    notices.tell_managers(uow)
