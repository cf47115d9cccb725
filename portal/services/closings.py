"""Closing a company: one admin asks, a second person confirms, until the erasure begins it can be taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import closings as rules
from portal.domain.licences import LicenceState, state_of
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.licence import Closing
from portal.services import audit, licences, outbox


@dataclass(frozen=True)
class Asked:
    """A request that waits for its second person, for the page of the licence."""

    id: UUID
    asked_by: str
    asked_at: datetime
    until: datetime
    #: Whether the reader is the one who asked, and so not the one who confirms.
    own: bool


def waiting(uow: UnitOfWork) -> Asked | None:
    """The request that may still be confirmed, if there is one."""
    found = uow.session.execute(
        select(Closing, Employee)
        .join(Employee, Employee.id == Closing.asked_by_id)
        .where(
            Closing.confirmed_at.is_(None),
            Closing.ended_at.is_(None),
            Closing.asked_at > uow.clock.now() - rules.WAITS,
        )
        .order_by(Closing.asked_at.desc())
    ).first()
    if found is None:
        return None
    row, person = found
    own = person.id == uow.actor.employee_id
    return Asked(row.id, person.name, row.asked_at, row.asked_at + rules.WAITS, own)


def ask(uow: UnitOfWork) -> None:
    """The first of two people says that the company is to be closed; every admin hears of it."""
    company = licences.locked_row(uow)
    if company.closed_on is not None or waiting(uow) is not None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    row = Closing(asked_by_id=uow.actor.employee_id, asked_at=uow.clock.now())
    uow.session.add(row)
    audit.record(uow, audit.Action.CLOSING_ASKED, subject=row)
    _tell(uow, asks=True)


def confirm(uow: UnitOfWork, closing_id: UUID) -> None:
    """The second person agrees: from now on the company is read only, and three weeks later it is erased."""
    company = licences.locked_row(uow)
    row = _open(uow, closing_id)
    rules.check_second_person(
        asked_by=row.asked_by_id, confirmed_by=uow.actor.employee_id, admins=len(licences.admins(uow))
    )
    row.confirmed_by_id, row.confirmed_at = uow.actor.employee_id, uow.clock.now()
    company.closed_on = uow.today()
    audit.record(uow, audit.Action.CLOSING_CONFIRMED, subject=row)
    licences.written(uow, company, audit.Action.LICENCE_CHANGED)


def withdraw(uow: UnitOfWork, closing_id: UUID) -> None:
    """Any admin may say no to a request that waits."""
    licences.locked_row(uow)
    row = _open(uow, closing_id)
    row.ended_at = uow.clock.now()
    audit.record(uow, audit.Action.CLOSING_WITHDRAWN, subject=row)
    _tell(uow, asks=False)


def take_up(uow: UnitOfWork) -> None:
    """The company goes on after all, as its licence allows; too late once the erasure has begun."""
    company = licences.locked_row(uow)
    if company.erasing_since is not None:
        raise Refusal(Reason.COMPANY_ERASED)
    if company.closed_on is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    company.closed_on = None
    rows = select(Closing).where(Closing.confirmed_at.is_not(None), Closing.ended_at.is_(None))
    for row in uow.session.scalars(rows):
        row.ended_at = uow.clock.now()
    licences.written(uow, company, audit.Action.COMPANY_TAKEN_UP)


def can_be_taken_up(uow: UnitOfWork) -> bool:
    """Is it closing because people said so, and not only because its licence is over?"""
    licence = uow.company.licence
    return licence.closed_on is not None and state_of(licence, uow.today()) is LicenceState.CLOSING


def _open(uow: UnitOfWork, closing_id: UUID) -> Closing:
    row = uow.session.scalars(
        select(Closing).where(Closing.id == closing_id).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    waits = row.confirmed_at is None and row.ended_at is None and rules.is_open(row.asked_at, uow.clock.now())
    if not waits:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return row


def _tell(uow: UnitOfWork, *, asks: bool) -> None:
    for admin in licences.admins(uow):
        outbox.queue_mail(
            uow,
            admin,
            "closing_asked",
            asks=asks,
            actor_name=uow.actor.name,
            link=f"{uow.outside.url}/c/{uow.company.slug}/licence",
        )
