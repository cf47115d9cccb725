"""Who leads somebody on which days, and that nobody ends up above themselves on any of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.domain.people_changes import closing_circle

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Led by one manager from one day to another, both included; no end while it lasts."""

    manager_id: UUID
    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


def manager_on(spans: Sequence[Span], day: date) -> UUID | None:
    """Who leads on that day; None where nobody does."""
    return next((one.manager_id for one in spans if one.covers(day)), None)


def last_day_of_change(spans: Sequence[Span], day: date, today: date) -> date | None:
    """A change from `day` holds until the next one that is planned already; None when none is.

    What lies between `day` and today is no plan any more: whoever corrects the past corrects all of it.
    """
    from_here = max(day, today)
    begun = [one.start for one in spans]
    over = [one.end + _ONE_DAY for one in spans if one.end is not None]
    planned = [one for one in (*begun, *over) if one > from_here]
    return min(planned) - _ONE_DAY if planned else None


def changed(spans: Sequence[Span], manager_id: UUID | None, day: date, today: date) -> tuple[Span, ...]:
    """All spans once this manager (or nobody) leads from `day` on; neighbours with the same manager are one."""
    until = last_day_of_change(spans, day, today)
    kept = [
        Span(one.manager_id, one.start, _earlier(one.end, day - _ONE_DAY)) for one in spans if one.start < day
    ]
    later = [one for one in spans if until is not None and one.start > until]
    new = [Span(manager_id, day, until)] if manager_id is not None else []
    return _joined(sorted((*kept, *new, *later), key=lambda one: one.start))


def closing(
    above: Mapping[UUID, Sequence[Span]], manager_id: UUID, chosen: Mapping[UUID, date | None], day: date
) -> frozenset[UUID]:
    """Those of the chosen who cannot be led by this manager from `day` until their last day of the change.

    A circle can only begin on that day, or where somebody above gets another manager.
    """
    found: frozenset[UUID] = frozenset()
    for moment in _moments(above, day):
        led = [one for one, until in chosen.items() if until is None or until >= moment]
        found |= closing_circle(_on(above, moment), manager_id, led)
    return found


def circles(above: Mapping[UUID, Sequence[Span]], day: date) -> frozenset[UUID]:
    """Whoever would be above themselves on `day` or later."""
    return frozenset().union(*(_in_circles(_on(above, moment)) for moment in _moments(above, day)))


def _in_circles(above: Mapping[UUID, UUID | None]) -> Collection[UUID]:
    """Each person is walked over once, so that long chains stay cheap."""
    circled: set[UUID] = set()
    walked: set[UUID] = set()
    for start in above:
        path: dict[UUID, int] = {}
        at: UUID | None = start
        while at is not None and at not in walked and at not in path:
            path[at] = len(path)
            at = above.get(at)
        if at in path:
            circled.update(one for one, place in path.items() if place >= path[at])
        walked.update(path)
    return circled


def _moments(above: Mapping[UUID, Sequence[Span]], day: date) -> list[date]:
    return sorted({day, *(one.start for spans in above.values() for one in spans if one.start > day)})


def _on(above: Mapping[UUID, Sequence[Span]], day: date) -> dict[UUID, UUID | None]:
    return {person: manager_on(spans, day) for person, spans in above.items()}


def _earlier(end: date | None, other: date) -> date:
    return other if end is None else min(end, other)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for one in spans:
        last = joined[-1] if joined else None
        if last and last.manager_id == one.manager_id and last.end and last.end + _ONE_DAY == one.start:
            joined[-1] = Span(last.manager_id, last.start, one.end)
        else:
            joined.append(one)
    return tuple(joined)
