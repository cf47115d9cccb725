"""When data may be handled by a processor: not before the time of the notice has passed since customers were told."""

from __future__ import annotations

from datetime import date, timedelta

#: So long before a processor begins companies are told of it.
NOTICE = timedelta(days=30)


def usable_from(since: date, *, entered_on: date, told_on: date | None) -> date | None:
    """Its first day; None while nobody can say. One that was in use when it was entered is a record of what is."""
    if since <= entered_on:
        return since
    return None if told_on is None else max(since, told_on + NOTICE)


def is_late(begins: date | None, *, told_on: date | None, today: date) -> bool:
    """Had whoever was told less time than promised, or are they still to be told of what is in use?"""
    return begins is not None and (told_on or today) + NOTICE > begins
