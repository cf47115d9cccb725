"""Who decides in whose place: delegations that are dated, limited to kinds of requests, and never run in a circle.

They hold when somebody decides, not when they were made: nothing is copied, nothing has to be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.domain.refusals import Reason, Refusal

#: From A to B, from B to C, from C to D: further on nobody knows any more for whom they decide.
LONGEST_CHAIN = 3
LONGEST_DELEGATION_DAYS = 366
LONGEST_REASON = 500
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Handover:
    """A delegation that holds today. `type_id` None: of every kind of request; likewise its team and its size."""

    giver_id: UUID
    deputy_id: UUID
    type_id: UUID | None = None
    #: Only of people in this team, and only up to so many days.
    team_id: UUID | None = None
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What a request is about, as delegations ask: of which type, whose, how much, in thousandths of a day."""

    type_id: UUID
    owner_id: UUID
    teams: frozenset[UUID] = frozenset()
    amount: int = 0


@dataclass(frozen=True, slots=True)
class StandIn:
    """One person in the place of another. `through` are the deputies in between; `type_id` None: every kind."""

    for_id: UUID
    deputy_id: UUID
    type_id: UUID | None = None
    through: frozenset[UUID] = frozenset()
    #: The owner of a request must be in all of these, and it must be no longer than this.
    team_ids: frozenset[UUID] = frozenset()
    most_days: int | None = None

    def covers(self, matter: Matter) -> bool:
        """Whether the deputy may decide over that request in this place."""
        return (
            self.type_id in (None, matter.type_id)
            and matter.owner_id not in self.hands
            and self.team_ids <= matter.teams
            and (self.most_days is None or matter.amount <= self.most_days * 1000)
        )

    @property
    def hands(self) -> frozenset[UUID]:
        """All through whose hands the decision goes: over a request of theirs it would be their own by a detour."""
        return self.through | {self.for_id, self.deputy_id}


def check_delegation(
    *,
    giver_id: UUID,
    deputy_id: UUID,
    start_date: date,
    end_date: date,
    today: date,
    most_days: int | None = None,
) -> None:
    """Refuses what makes no sense: oneself, days that are over, a stretch that nobody would remember."""
    if giver_id == deputy_id:
        raise Refusal(Reason.NOT_ONESELF, field="deputy")
    if most_days is not None and not 1 <= most_days <= MOST_DAYS:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="most_days")
    if end_date < start_date:
        raise Refusal(Reason.END_BEFORE_START, field="end_date")
    latest = start_date + timedelta(days=LONGEST_DELEGATION_DAYS - 1)
    if not today <= end_date <= latest or start_date > today + timedelta(days=LONGEST_DELEGATION_DAYS):
        raise Refusal(Reason.DAY_NOT_POSSIBLE, field="end_date")


def stands_in_for(deputy_id: UUID, handovers: Iterable[Handover]) -> list[StandIn]:
    """For whom the deputy may decide, the nearest first."""
    by_deputy: dict[UUID, list[Handover]] = {}
    for handover in handovers:
        by_deputy.setdefault(handover.deputy_id, []).append(handover)
    return list(_back(StandIn(deputy_id, deputy_id), by_deputy))


def deputies_of(giver_id: UUID, matter: Matter, handovers: Iterable[Handover]) -> set[UUID]:
    """Who may decide in the place of the giver over that request."""
    known = list(handovers)
    return {
        stand_in.deputy_id
        for deputy_id in {handover.deputy_id for handover in known}
        for stand_in in stands_in_for(deputy_id, known)
        if stand_in.for_id == giver_id and stand_in.covers(matter)
    }


def _back(start: StandIn, by_deputy: dict[UUID, list[Handover]]) -> Iterator[StandIn]:
    """Step by step from the deputy to those who handed over, each person once on a way."""
    ways = [start]
    for _step in range(LONGEST_CHAIN):
        ways = [longer for way in ways for longer in _longer(way, by_deputy.get(way.for_id, ()))]
        yield from ways


def _longer(way: StandIn, handovers: Iterable[Handover]) -> Iterator[StandIn]:
    passed = {way.deputy_id, way.for_id, *way.through}
    through = frozenset(passed - {way.deputy_id})
    for handover in handovers:
        if handover.giver_id in passed:
            continue
        if way.type_id is not None and handover.type_id is not None and way.type_id != handover.type_id:
            continue
        yield StandIn(
            handover.giver_id,
            way.deputy_id,
            way.type_id or handover.type_id,
            through,
            way.team_ids | ({handover.team_id} if handover.team_id is not None else set()),
            min((one for one in (way.most_days, handover.most_days) if one is not None), default=None),
        )
