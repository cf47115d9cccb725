"""Who may learn what an absence is: asked by every page, feed, print and file that could say it.

Sickness is for those who may see sickness, and for the person. Whoever else sees the absence reads that somebody is
away, whatever else they may see and whatever the type shows to colleagues.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.services import access, type_rules

Person = InstrumentedAttribute[UUID] | ColumnElement[UUID]


def sees_kind(uow: UnitOfWork, person: Person, day: InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """The condition that the reader may know the type of the joined Absence, in a calendar that colleagues see."""
    ordinary = or_(
        access.employees_within(uow, Permission.ABSENCE_VIEW, person), type_rules.colleagues_see(day)
    )
    return or_(and_(~is_sickness(), ordinary), sees_sickness(uow, person))


def sees_opened(uow: UnitOfWork, person: Person) -> ColumnElement[bool]:
    """The same for whoever may open the absence anyway, as its approver or by a right."""
    return or_(~is_sickness(), sees_sickness(uow, person))


def sees_type(uow: UnitOfWork, person: Person) -> ColumnElement[bool]:
    """The condition that the reader may know that the person has something of the joined AbsenceType."""
    return or_(~is_type_of_sickness(), sees_sickness(uow, person))


def sees_sickness(uow: UnitOfWork, person: Person) -> ColumnElement[bool]:
    """Their own, and of those whom the right reaches."""
    me = uow.actor.employee_id
    own = person == me if me is not None else false()
    return or_(own, access.employees_within(uow, Permission.SICKNESS_VIEW, person))


def is_sickness() -> ColumnElement[bool]:
    """The joined Absence is a report, or of a type that is sickness, was or will be: a change of rule opens nothing."""
    return or_(Absence.sick, is_type_of_sickness())


def is_type_of_sickness() -> ColumnElement[bool]:
    version = AbsenceTypeVersion
    later = select(version.absence_type_id).where(version.sickness)
    return or_(AbsenceType.sickness, AbsenceType.id.in_(later))


def any_sickness() -> ColumnElement[bool]:
    """Whether the company has a type of sickness at all."""
    return select(AbsenceType.id).where(is_type_of_sickness()).exists()


def waits_for_acceptance() -> ColumnElement[bool]:
    """A report of which HR has not accepted the last day."""
    accepted = Absence.accepted_through
    late = or_(accepted.is_(None), accepted < Absence.end_date)
    return and_(Absence.status == AbsenceStatus.APPROVED, late)
