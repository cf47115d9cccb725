"""The letters around hours worked longer: to whoever decides, and to whose hours they are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.models.overtime_credit import OvertimeCredit
from portal.services import line_managers, outbox, written_moments
from portal.services.absence_letters import in_place_of, period, type_name
from portal.services.approvals import decision_links, deputising
from portal.services.permission_holders import holding


def ask_to_decide(
    uow: UnitOfWork,
    row: OvertimeCredit,
    kind: AbsenceType,
    people: Collection[UUID] = (),
    *,
    handed_by: str = "",
    note: str = "",
) -> None:
    """Those whose turn it is, without steps the line manager who may decide, and their deputies; each with a link.

    Where there is nobody, nobody is told at once: those who may decide find it in their list, and the nightly job
    asks them. `handed_by`: whoever handed the hours over to them, and why.
    """
    asked = set(people) or _line_manager(uow, row)
    for one in sorted(asked):
        asked |= {deputy.id for deputy in deputising.deputies(uow, one, row, kind)}
    asked.discard(row.employee_id)
    if not asked:
        return
    owner = uow.session.scalars(select(Employee).where(Employee.id == row.employee_id)).one()
    query = select(Employee).where(Employee.active, Employee.id.in_(asked)).order_by(Employee.email)
    for reader in uow.session.scalars(query).all():
        link = decision_links.make(uow, row, reader)
        outbox.queue_mail(
            uow,
            reader,
            "overtime_proposed",
            employee_name=owner.name,
            absence_type=type_name(kind, reader.language),
            day=when(row, reader.language),
            amount=amount(row),
            planned=_hours(row.planned_minutes),
            contract=_hours(row.contract_minutes),
            handed_by=handed_by,
            note=note,
            link=link.address,
            expires=written_moments.for_letter(uow, reader, link.expires_at),
            page=f"{uow.outside.url}/c/{uow.company.slug}/overtime",
        )


def tell_of_handover(
    uow: UnitOfWork, row: OvertimeCredit, kind: AbsenceType, before: Employee, approver: Employee, note: str
) -> None:
    """Whoever's turn it was: somebody else decides, and the link of their letter is worth nothing any more."""
    owner = uow.session.scalars(select(Employee).where(Employee.id == row.employee_id)).one()
    outbox.queue_mail(
        uow,
        before,
        "overtime_handed_over",
        employee_name=owner.name,
        decided_by=approver.name,
        actor_name=uow.actor.name,
        absence_type=type_name(kind, before.language),
        day=when(row, before.language),
        amount=amount(row),
        note=note,
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
        decided_by=_decider(uow, row, owner.language),
        absence_type=type_name(kind, owner.language),
        day=when(row, owner.language),
        amount=amount(row),
        note=row.decision_note or "",
        link=f"{uow.outside.url}/c/{uow.company.slug}/overtime",
    )


def _line_manager(uow: UnitOfWork, row: OvertimeCredit) -> set[UUID]:
    query = (
        select(Employee.id)
        .join(LineManagement, Employee.id == LineManagement.manager_id)
        .where(
            Employee.active,
            Employee.id.in_(holding(Permission.ABSENCE_APPROVE)),
            line_managers.leads(LineManagement, row.employee_id, uow.today()),
        )
    )
    return set(uow.session.scalars(query))


def _decider(uow: UnitOfWork, row: OvertimeCredit, language: str) -> str:
    """Who has decided, and for whom."""
    if row.decided_for_id is None:
        return uow.actor.name
    principal = uow.session.scalars(select(Employee).where(Employee.id == row.decided_for_id)).one()
    return in_place_of(uow.actor.name, principal.name, language)


def when(row: OvertimeCredit, language: str) -> str:
    """The day, or the month of a roster as far as it counts."""
    return period(row.roster_month or row.worked_on, row.worked_on, language)


def amount(row: OvertimeCredit) -> str:
    return _hours(row.worked_minutes)


def _hours(minutes: int | None) -> str:
    """Empty for none: hours that no roster has planned."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d} h"
