"""Letters to those who cover, and to whoever they cover for. None of them says what the absence is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.substitutes import SubstituteAnswer
from portal.models.absence import Absence
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.employee import Employee
from portal.services import outbox
from portal.services.absence_letters import period

NAMED, APPROVED, CHANGED, ENDED, SOON = "named", "approved", "changed", "ended", "soon"


def tell(uow: UnitOfWork, absence: Absence, person: Employee, event: str) -> None:
    """One of those who cover. Who left is not written to, nor who did it themselves."""
    if not person.active or person.id == uow.actor.employee_id:
        return
    owner = uow.session.scalars(select(Employee).where(Employee.id == absence.employee_id)).one()
    outbox.queue_mail(
        uow,
        person,
        "cover",
        event=event,
        employee_name=owner.name,
        certain=absence.status is AbsenceStatus.APPROVED,
        period=period(absence.start_date, absence.end_date, person.language),
        note=absence.cover_note or "",
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences/covering",
    )


def tell_all(uow: UnitOfWork, absence: Absence, event: str) -> None:
    """Everybody who was named for it; one statement where nobody was."""
    query = select(Employee).join(AbsenceSubstitute, AbsenceSubstitute.employee_id == Employee.id)
    for person in uow.session.scalars(query.where(AbsenceSubstitute.absence_id == absence.id)).all():
        tell(uow, absence, person, event)


def tell_owner_of_answer(
    uow: UnitOfWork, absence: Absence, person: Employee, answer: SubstituteAnswer
) -> None:
    _tell_owner(uow, absence, "cover_answered", person, can=answer is SubstituteAnswer.CAN)


def tell_owner_of_loss(uow: UnitOfWork, absence: Absence, person: Employee) -> None:
    """Who covers will be away themselves, or does not work here any more."""
    _tell_owner(uow, absence, "cover_lost", person)


def _tell_owner(uow: UnitOfWork, absence: Absence, template: str, person: Employee, **more: Any) -> None:
    owner = uow.session.scalars(select(Employee).where(Employee.id == absence.employee_id)).one()
    if not owner.active or owner.id == uow.actor.employee_id:
        return
    outbox.queue_mail(
        uow,
        owner,
        template,
        employee_name=person.name,
        period=period(absence.start_date, absence.end_date, owner.language),
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences/{absence.id}",
        **more,
    )
