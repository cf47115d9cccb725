"""What an import would do or has done, person by person, as it is shown before anybody says yes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from portal.domain.people_import import Column, ImportRow, RowError


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a person who is there already."""

    #: A name alone is that of a field of the company's own.
    column: Column | str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is not there yet. The phone number is complete, with its country."""

    row: ImportRow
    phone: str | None


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    """Somebody who is there, and what becomes different."""

    row: ImportRow
    phone: str | None
    employee_id: UUID
    changes: tuple[Change, ...]

    def changes_any(self, *columns: Column) -> bool:
        return any(change.column in columns for change in self.changes)


@dataclass(frozen=True)
class Outcome:
    """The whole import. With any error nothing is taken in."""

    new: tuple[NewPerson, ...]
    changed: tuple[ChangedPerson, ...]
    unchanged: int
    new_teams: tuple[str, ...]
    new_sites: tuple[str, ...]
    errors: tuple[RowError, ...]
    ignored_columns: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.errors

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.new_teams or self.new_sites)

    @property
    def digest(self) -> str:
        """Two outcomes with the same digest do the same."""
        done = (self.new, self.changed, self.unchanged, self.new_teams, self.new_sites, self.errors)
        return hashlib.sha256(repr(done).encode()).hexdigest()
