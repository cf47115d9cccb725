"""What a preview of other working time is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from portal.domain.working_patterns import EmploymentTerms
from portal.services.balances import TypeFacts


class BeforeAndAfter(NamedTuple):
    """A person's terms as they are, and as saving would leave them."""

    before: tuple[EmploymentTerms, ...]
    after: tuple[EmploymentTerms, ...]


@dataclass(frozen=True)
class EntitlementChange:
    """What a year would give. `follows`: it is corrected by itself, else what was granted stays."""

    kind: TypeFacts
    year: int
    before: int
    after: int
    follows: bool
    #: What the year would end with, taken and asked for: only where the change leaves it below zero.
    ends_below_zero: int | None = None


@dataclass(frozen=True)
class CostChange:
    """An absence that would cost something else by the new terms. It stays as it was agreed."""

    absence_id: UUID
    #: None where the reader may not know it.
    kind: TypeFacts | None
    start_date: date
    end_date: date
    before: int
    after: int


@dataclass(frozen=True)
class TermsPreview:
    """All that would change from a day on."""

    terms_from: date
    entitlements: list[EntitlementChange]
    absences: list[CostChange]
    #: Of exactly these terms from this day: the yes to them.
    seen: str

    def __bool__(self) -> bool:
        return bool(self.entitlements or self.absences)

    @property
    def short(self) -> list[EntitlementChange]:
        """The years that the change leaves below zero."""
        return [one for one in self.entitlements if one.ends_below_zero is not None]
