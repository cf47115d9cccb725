"""What somebody asks for: the people, and what is done to them; also as it is kept for the job."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.domain.people_changes import ChangeKind
from portal.services.directory import DirectoryFilter


@dataclass(frozen=True)
class Chosen:
    """People by id, or everybody whom the directory finds with a filter."""

    ids: tuple[UUID, ...] = ()
    everybody: DirectoryFilter | None = None


@dataclass(frozen=True)
class Asked:
    """What everybody gets; each kind of change needs its own of the values. `from_day`: when it begins."""

    kind: ChangeKind
    team_id: UUID | None = None
    site_id: UUID | None = None
    role_id: UUID | None = None
    manager_email: str = ""
    weekly_minutes: int | None = None
    #: The days of all weeks in a row, and where several take turns, a Monday on which the first one begins.
    pattern: tuple[int, ...] | None = None
    cycle_begins: date | None = None
    #: Of a flexible week; None for fixed days.
    agreed_days: int | None = None
    #: Whether the published roster decides what a day costs.
    by_roster: bool | None = None
    from_day: date | None = None
    last_day: date | None = None


def kept(chosen: Chosen, asked: Asked) -> dict[str, Any]:
    """Both as JSON."""
    filtered = chosen.everybody
    return {
        "ids": [str(one) for one in chosen.ids],
        "everybody": None if filtered is None else _plain(asdict(filtered)),
        **_plain(asdict(asked)),
    }


def recalled(given: dict[str, Any]) -> tuple[Chosen, Asked]:
    """What `kept` has written."""
    filtered = given["everybody"]
    chosen = Chosen(
        ids=tuple(map(UUID, given["ids"])),
        everybody=None
        if filtered is None
        else DirectoryFilter(
            search=filtered["search"],
            team_id=_id(filtered["team_id"]),
            site_id=_id(filtered["site_id"]),
            left=filtered["left"],
        ),
    )
    pattern = given["pattern"]
    asked = Asked(
        kind=ChangeKind(given["kind"]),
        team_id=_id(given["team_id"]),
        site_id=_id(given["site_id"]),
        role_id=_id(given["role_id"]),
        manager_email=given["manager_email"],
        weekly_minutes=given["weekly_minutes"],
        pattern=None if pattern is None else tuple(pattern),
        cycle_begins=_day(given.get("cycle_begins")),
        agreed_days=given.get("agreed_days"),
        by_roster=given.get("by_roster"),
        from_day=_day(given["from_day"]),
        last_day=_day(given["last_day"]),
    )
    return chosen, asked


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(one) if isinstance(one, UUID | date) else one for name, one in values.items()}


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
