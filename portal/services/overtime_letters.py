"""The letters around hours worked longer: to whoever decides, and to whose hours they are."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.models.overtime_credit import OvertimeCredit
from portal.services import line_managers, outbox
from portal.services.absence_letters import type_name, written_date
from portal.services.approvals import deputising


def ask_to_decide(uow: UnitOfWork, row: OvertimeCredit, kind: AbsenceType) -> None:
    """The line manager and their deputies. Without one nobody is told: those who may decide find it in their list."""
    manager, link = aliased(Employee), aliased(LineManagement)
    query = (
        select(manager)
        .join(link, manager.id == link.manager_id)
        .where(manager.active, line_managers.leads(link, row.employee_id, uow.today()))
    )
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        return
    hands = deputising.deputies(uow, found.id, kind.id)
    for reader in (found, *(one for one in hands if one.id != row.employee_id)):
        outbox.queue_mail(
            uow,
            reader,
            "overtime_proposed",
            employee_name=uow.actor.name,
            absence_type=type_name(kind, reader.language),
            day=written_date(row.worked_on, reader.language),
            amount=_amount(row),
            link=f"{uow.outside.url}/c/{uow.company.slug}/overtime",
        )


def tell_owner(uow: UnitOfWork, row: OvertimeCredit, kind: AbsenceType) -> None:
    """Booked, declined or taken out again."""
    owner = uow.session.scalars(select(Employee).where(Employee.id == row.employee_id)).one()
    outbox.queue_mail(
        uow,
        owner,
        "overtime_decided",
        status=row.status.value,
        decided_by=uow.actor.name,
        absence_type=type_name(kind, owner.language),
        day=written_date(row.worked_on, owner.language),
        amount=_amount(row),
        note=row.decision_note or "",
        link=f"{uow.outside.url}/c/{uow.company.slug}/overtime",
    )


def _amount(row: OvertimeCredit) -> str:
    return f"{row.worked_minutes // 60}:{row.worked_minutes % 60:02d} h"
