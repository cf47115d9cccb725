"""The order in which people stand in lists: last name, first name, as the reader's alphabet has it.

PostgreSQL built with ICU knows alphabets (in Czech, ch follows h); without it names stand in code point order.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, collate, text

from portal.db import UnitOfWork
from portal.models.employee import Employee

_ALPHABETS = {"en": "en-x-icu", "cs": "cs-x-icu", "de": "de-x-icu"}
_ANY_ALPHABET = "und-x-icu"
_KNOWS_ALPHABETS = text("SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')")
#: What each server answered; asked once per process.
_answers: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def by_name(uow: UnitOfWork, people: type[Employee] = Employee) -> tuple[ColumnElement[Any], ...]:
    """What to order people by; the id comes last, so that the pages of a list never overlap."""
    return (alphabetical(uow, people.last_name), alphabetical(uow, people.first_name), people.id.expression)


def alphabetical(uow: UnitOfWork, column: Any) -> ColumnElement[Any]:
    """A text column in the order of the reader's alphabet."""
    if not _server_knows_alphabets(uow):
        return column  # type: ignore[no-any-return]
    return collate(column, _ALPHABETS.get(uow.actor.language, _ANY_ALPHABET))


def _server_knows_alphabets(uow: UnitOfWork) -> bool:
    server = uow.session.get_bind().engine
    if server not in _answers:
        _answers[server] = bool(uow.session.scalar(_KNOWS_ALPHABETS))
    return _answers[server]
