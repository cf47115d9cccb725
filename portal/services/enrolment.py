"""Setting up a factor: who may, and what follows.

Somebody who is all the way in has just proven themselves again (the page asks for that). Half-way in, only the
password is known, so only whoever has no factor at all sets one up there; and where HR knows their number, a
code to it comes first, so that a stolen password alone binds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.models.employee import Employee
from portal.services import own_factors, recovery_codes, second_factors, sessions, throttles
from portal.services.sessions import SignedIn


@dataclass(frozen=True)
class Enrolled:
    """A factor is set up: the token that the session goes on with, and new recovery codes, shown once."""

    token: str
    recovery_codes: list[str]


def may_choose(uow: UnitOfWork, person: SignedIn) -> bool:
    """Half-way in: may this person set up what they like, or does HR's number come first?"""
    if own_factors.standing(uow, person.actor.employee_id).bound:
        return False
    return second_factors.known_number(uow, _employee(uow, person)) is None


def check_allowed(uow: UnitOfWork, person: SignedIn) -> Employee:
    """The person, if they may set up a factor now. Until the transaction ends they set up one at a time."""
    employee = _employee(uow, person)
    throttles.hold_line(uow, employee.id.bytes)
    if not person.complete and not may_choose(uow, person):
        raise Refusal(Reason.NOT_PERMITTED)
    uow.actor = person.actor
    return employee


def finish(uow: UnitOfWork, person: SignedIn, factor: Factor) -> Enrolled:
    """The new factor was proven while it was set up, so it opens the session; the first brings recovery codes."""
    token = sessions.complete(uow, person, by=factor)
    has_codes = own_factors.standing(uow, person.actor.employee_id).recovery_codes > 0
    return Enrolled(token, [] if has_codes else recovery_codes.make(uow))


def _employee(uow: UnitOfWork, person: SignedIn) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.id == person.actor.employee_id)).one()
