"""Questions to the outside world in the middle of a request, asked while no connection to the database is held.

A provider may take seconds to answer, and connections are few: one that hangs must not keep everybody else waiting.
So a handler that has to ask somebody answers with an errand instead of a page. What was written before it is true from
then on; what comes after it happens in a unit of work of its own, for whoever is still there and still allowed to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.db import UnitOfWork


@dataclass(frozen=True)
class Errand:
    """`ask` knows no database, and brings failures back as values; `then` makes the answer, or sends out again."""

    ask: Callable[[], Any]
    then: Callable[[UnitOfWork, Any], Any]


def carry_out(uow: UnitOfWork, answer: Any) -> Any:
    """The answer in the end, all in one unit of work: for callers with a pool of their own."""
    while isinstance(answer, Errand):
        answer = answer.then(uow, answer.ask())
    return answer
