"""The times of one day between which nothing changes: who works then, who of them is away, and who has only asked.

Two who are away in the morning and in the afternoon are never away at once; two in the same morning are. So a rule is
asked of each time of the day for itself, and the worst one tells how the day stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.domain.staffing import PERSON, Headcount, Span, StaffingRule

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person on one date. Each of the three in spans of the day; what is away twice is away once."""

    work: Spans = ()
    away: Spans = ()
    waiting: Spans = ()


Asked = tuple[PersonDay, Spans]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of the day, how many are there, and how many of those asked about would be missing then."""

    span: Span
    count: Headcount
    more: int = 0


def slots(people: Iterable[PersonDay], window: Span, *, asks: Sequence[Asked] = ()) -> list[Slot]:
    """The window cut where anything changes. `asks`: some of the people, and when they would be away."""
    alike = Headcount()
    others: list[PersonDay] = []
    for one in people:
        whole = _whole(one, window)
        if whole is None:
            others.append(one)
        else:
            alike = alike.plus(whole)
    cuts = {*window}
    for several in _of_all(others, asks):
        cuts.update(edge for span in several for edge in span if window[0] < edge < window[1])
    edges = sorted(cuts)
    found = []
    for span in pairwise(edges):
        count = alike
        for one in others:
            count = count.plus(_at(one, span))
        found.append(Slot(span, count, _more(asks, span)))
    return found


def broken_by(rule: StaffingRule, times: Sequence[Slot]) -> Headcount | None:
    """How it would be at the worst time at which whoever asks would break the rule, or break it worse; or None."""
    after = [slot.count.with_away(slot.more) for slot in times if rule.is_broken_by(slot.count, slot.more)]
    return max(after, key=rule.weight, default=None)


def worst_time(rule: StaffingRule, times: Sequence[Slot]) -> Headcount:
    """How the day stands: at its worst time, with whoever asks away."""
    after = (slot.count.with_away(slot.more) for slot in times)
    return max(after, key=rule.weight, default=Headcount())


def _whole(one: PersonDay, window: Span) -> Headcount | None:
    """Somebody for whom the whole window is alike; None for others."""
    if not _covers(one.work, window):
        return None if _meets(one.work, window) else Headcount()
    if _covers(one.away, window):
        return Headcount(PERSON, PERSON)
    if _meets(one.away, window):
        return None
    if _covers(one.waiting, window):
        return Headcount(PERSON, 0, PERSON)
    return None if _meets(one.waiting, window) else Headcount(PERSON)


def _of_all(people: Sequence[PersonDay], asks: Sequence[Asked]) -> Iterable[Spans]:
    for one in people:
        yield from (one.work, one.away, one.waiting)
    for person, wanted in asks:
        yield from (person.work, person.away, wanted)


def _at(one: PersonDay, span: Span) -> Headcount:
    """Nothing changes within the span, so it is met whole or not at all."""
    if not _meets(one.work, span):
        return Headcount()
    if _meets(one.away, span):
        return Headcount(PERSON, PERSON)
    return Headcount(PERSON, 0, PERSON if _meets(one.waiting, span) else 0)


def _more(asks: Sequence[Asked], span: Span) -> int:
    return PERSON * sum(goes(one, span) for one in asks)


def goes(asked: Asked, span: Span) -> bool:
    """Whether somebody would be missing then who would be there else."""
    person, wanted = asked
    return _meets(person.work, span) and _meets(wanted, span) and not _meets(person.away, span)


def _covers(spans: Spans, window: Span) -> bool:
    """By one of them: two halves that make a whole are cut, which says the same."""
    return any(starts <= window[0] and window[1] <= ends for starts, ends in spans)


def _meets(spans: Spans, window: Span) -> bool:
    return any(starts < window[1] and window[0] < ends for starts, ends in spans)
