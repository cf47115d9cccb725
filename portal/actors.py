"""Who acts, in which company, and where the action came from: what every unit of work knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.domain.licences import NO_END, Licence
from portal.domain.permissions import Permission, Reach
from portal.domain.second_factors import Policy
from portal.domain.support import Area, SealedField


@dataclass(frozen=True)
class CompanyFacts:
    """What every page needs to know of the company it belongs to."""

    id: UUID
    slug: str
    name: str
    language: str
    time_zone: str
    country: str
    subdivision: str | None
    #: Whom it asks for a second factor.
    second_factor_policy: Policy
    licence: Licence = NO_END
    #: The operator keeps everything as it is, to stop an incident.
    read_only: bool = False


@dataclass(frozen=True)
class Viewing:
    """Looking at the portal as a role sees it: whose team and site count, and until when. `over`: no longer."""

    role_id: UUID
    role_key: str
    role_name: str
    place_id: UUID | None
    place_name: str
    until: datetime
    over: bool = False


@dataclass(frozen=True)
class Support:
    """A member of the operator's staff inside a company: under which grant, how far, and until when."""

    grant_id: UUID
    staff_id: UUID
    areas: tuple[Area, ...]
    #: Protected values that the grant names.
    sealed: frozenset[SealedField]
    writes: bool
    until: datetime


@dataclass(frozen=True)
class Actor:
    """Who acts: an employee; without `employee_id` the portal itself, or the operator's staff (`support`)."""

    employee_id: UUID | None
    name: str
    email: str
    language: str = "en"
    time_zone: str = "UTC"
    grants: Mapping[Permission, Reach] = field(default_factory=dict)
    viewing: Viewing | None = None
    support: Support | None = None

    @property
    def place_id(self) -> UUID | None:
        """Whose team, site and reports a reach is measured from: one's own, unless one looks from elsewhere."""
        return (self.viewing and self.viewing.place_id) or self.employee_id


@dataclass(frozen=True)
class RequestFacts:
    """Where an action came from, for the audit log and the throttles."""

    ip: str
    request_id: str
    session_id: UUID | None = None
