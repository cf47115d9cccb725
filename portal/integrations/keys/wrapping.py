"""What closes the data keys of companies, so that they may lie in the database: the master key file, or a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from portal.integrations.keys.company import SealBroken


class KeysUnavailable(Exception):
    """What would open the company's keys does not answer, or does not let us in. Later it may."""


class KeyWrapper(Protocol):
    """Binds each key to its company and version: moved to another it is `SealBroken`."""

    def wrap(self, data_key: bytes, company_id: UUID, version: int = 1) -> bytes: ...

    def unwrap(self, wrapped: bytes, company_id: UUID, version: int = 1) -> bytes: ...


@dataclass(frozen=True, repr=False)
class KeyWrapping:
    """New keys are closed by `current`; what another one closed opens as long as it is there too."""

    #: The name that stands beside each wrapped key.
    current: str
    wrappers: Mapping[str, KeyWrapper] = field(default_factory=dict)

    def wrap(self, data_key: bytes, company_id: UUID, version: int) -> tuple[str, bytes]:
        """The name of what closed it, and the closed key."""
        return self.current, self.wrappers[self.current].wrap(data_key, company_id, version)

    def unwrap(self, wrapped_by: str, wrapped: bytes, company_id: UUID, version: int) -> bytes:
        wrapper = self.wrappers.get(wrapped_by)
        if wrapper is None:
            raise SealBroken(f"company key: closed by {wrapped_by!r}, which this portal does not have")
        return wrapper.unwrap(wrapped, company_id, version)
