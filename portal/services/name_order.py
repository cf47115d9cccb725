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
    return by_name_in(alphabet(uow), people)


def by_name_in(collation: str | None, people: type[Employee] = Employee) -> tuple[ColumnElement[Any], ...]:
    """The same for a statement that is kept: it asks for the `alphabet` of its reader first."""
    names = (_collated(people.last_name, collation), _collated(people.first_name, collation))
    return (*names, people.id.expression)


def alphabetical(uow: UnitOfWork, column: Any) -> ColumnElement[Any]:
    """A text column in the order of the reader's alphabet."""
    return _collated(column, alphabet(uow))


def alphabet(uow: UnitOfWork) -> str | None:
    """The collation of the reader's language; None where the server has none."""
    return _ALPHABETS.get(uow.actor.language, _ANY_ALPHABET) if _server_knows_alphabets(uow) else None


def _collated(column: Any, collation: str | None) -> ColumnElement[Any]:
    return column if collation is None else collate(column, collation)


def _server_knows_alphabets(uow: UnitOfWork) -> bool:
    server = uow.session.get_bind().engine
    if server not in _answers:
        _answers[server] = bool(uow.session.scalar(_KNOWS_ALPHABETS))
    return _answers[server]
