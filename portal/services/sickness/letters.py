"""Letters around sickness. None of them says that somebody is ill: mail is read on the way and by others.

They say that somebody is away and until when; what it is stands behind the sign-in, for whoever may know.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import line_managers, outbox
from portal.services.absence_letters import period, written_date
from portal.services.approvals import deputising

REPORTED, EXTENDED, SHORTENED, UNDONE = "reported", "extended", "shortened", "undone"


def tell_of_report(uow: UnitOfWork, absence: Absence) -> None:
    tell_of_change(uow, absence, REPORTED)


def tell_of_change(uow: UnitOfWork, absence: Absence, event: str) -> None:
    """The line manager and their deputies, whose plan has changed, and the owner where somebody else did it."""
    owner, manager = owner_and_manager(uow, absence)
    readers = [owner]
    if manager is not None:
        kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.id == absence.absence_type_id)).one()
        readers += [manager, *deputising.deputies(uow, manager.id, absence, kind)]
    for reader in {one.id: one for one in readers}.values():
        if reader.id != uow.actor.employee_id:
            outbox.queue_mail(
                uow,
                reader,
                "absence_reported",
                employee_name=owner.name,
                event=event,
                decided_by=uow.actor.name,
                period=period(absence.start_date, absence.end_date, reader.language),
                link=link(uow, absence),
            )


def ask_for_proof(uow: UnitOfWork, absence: Absence, owner: Employee, due_on: date) -> None:
    outbox.queue_mail(
        uow,
        owner,
        "proof_missing",
        period=period(absence.start_date, absence.end_date, owner.language),
        due_on=written_date(due_on, owner.language),
        link=link(uow, absence),
    )


def tell_how_long(
    uow: UnitOfWork,
    absence: Absence,
    owner: Employee,
    readers: Iterable[Employee],
    *,
    since: date,
    last: date,
    by_law: bool = False,
) -> None:
    """HR hears that an absence reaches the limit that the company set for its type, or the law at its site."""
    for reader in readers:
        outbox.queue_mail(
            uow,
            reader,
            "absence_long",
            employee_name=owner.name,
            since=written_date(since, reader.language),
            last=written_date(last, reader.language),
            days=(last - since).days + 1,
            by_law=by_law,
            link=link(uow, absence),
        )


def owner_and_manager(uow: UnitOfWork, absence: Absence) -> tuple[Employee, Employee | None]:
    manager = aliased(Employee)
    query = (
        select(Employee, manager)
        .outerjoin(LineManagement, line_managers.leads(LineManagement, Employee.id, uow.today()))
        .outerjoin(manager, (manager.id == LineManagement.manager_id) & manager.active)
        .where(Employee.id == absence.employee_id)
    )
    owner, found = uow.session.execute(query).one()
    return owner, found


def link(uow: UnitOfWork, absence: Absence) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/absences/{absence.id}"
