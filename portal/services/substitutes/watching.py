"""What nobody has to remember: who covers is reminded before it begins, and a cover that falls away is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus
from portal.domain.substitutes import REMIND_AHEAD, SubstituteAnswer, remind
from portal.models.absence import Absence
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.employee import Employee
from portal.services.substitutes import letters, reading


def remind_all(uow: UnitOfWork) -> int:
    """Run every night; a night that is missed, the next one makes up for. How many were reminded."""
    today = uow.today()
    query = (
        select(AbsenceSubstitute, Absence, Employee)
        .join(Absence, Absence.id == AbsenceSubstitute.absence_id)
        .join(Employee, Employee.id == AbsenceSubstitute.employee_id)
        .where(
            AbsenceSubstitute.reminded_on.is_(None),
            AbsenceSubstitute.answer != SubstituteAnswer.CANNOT,
            Absence.status == AbsenceStatus.APPROVED,
            Absence.start_date <= today + REMIND_AHEAD,
            Absence.end_date >= today,
        )
        .order_by(Absence.start_date, AbsenceSubstitute.id)
    )
    reminded = 0
    for row, absence, person in uow.session.execute(query).all():
        if remind(absence.start_date, absence.end_date, row.reminded_on, today):
            row.reminded_on = today
            letters.tell(uow, absence, person, letters.SOON)
            reminded += 1
    return reminded


def tell_of_losses(uow: UnitOfWork, taken: Absence) -> None:
    """Somebody has got time off: whoever they cover for on one of these days hears of it."""
    uow.session.flush()
    _tell(uow, taken.employee_id, reading.away_too(by=taken.id))


def tell_of_leaving(uow: UnitOfWork, person_id: UUID, last_day: date) -> None:
    """Somebody leaves: whoever they were to cover for afterwards hears of it."""
    _tell(uow, person_id, Absence.end_date > last_day)


def _tell(uow: UnitOfWork, person_id: UUID, lost: ColumnElement[bool]) -> None:
    query = (
        select(Absence, Employee)
        .join(AbsenceSubstitute, AbsenceSubstitute.absence_id == Absence.id)
        .join(Employee, Employee.id == AbsenceSubstitute.employee_id)
        .where(
            AbsenceSubstitute.employee_id == person_id,
            AbsenceSubstitute.answer != SubstituteAnswer.CANNOT,
            Absence.status.in_(ACTIVE),
            Absence.end_date >= uow.today(),
            lost,
        )
    )
    for absence, person in uow.session.execute(query).all():
        letters.tell_owner_of_loss(uow, absence, person)
