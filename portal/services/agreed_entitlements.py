"""What one person gets for a full year instead of what the plan says: agreed from a day on, listed, and taken back.

The ledger follows at once: the difference within a year that still runs is posted as a correction (accruals.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select

from portal.db import UnitOfWork
from portal.domain.absences import refuse_own
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.services import access, accruals, audit, entitlement_plans
from portal.services.balances import TypeFacts, type_facts


@dataclass(frozen=True)
class AgreedLine:
    """One agreement. `yearly_amount` is None: by the plan again."""

    id: UUID
    kind: TypeFacts
    valid_from: date
    yearly_amount: int | None
    reason: str
    author: str
    made_at: datetime
    #: It holds today; an earlier one has been followed by another.
    holds: bool
    planned: bool
    #: Years that are over stay.
    can_be_taken_back: bool


@dataclass(frozen=True)
class OfPerson:
    """Whose page it is, what was agreed, the latest first, and the types that give by a plan."""

    employee_id: UUID
    name: str
    own: bool
    lines: list[AgreedLine]
    kinds: list[TypeFacts]


def show(uow: UnitOfWork, employee_id: UUID) -> OfPerson:
    """For whoever may see the ledger of the person."""
    employee = access.employee_for(uow, Permission.LEDGER_VIEW, employee_id)
    planned = exists().where(EntitlementPlan.absence_type_id == AbsenceType.id)
    query = select(AbsenceType).where(planned, AbsenceType.retired_on.is_(None)).order_by(AbsenceType.name)
    kinds = [type_facts(kind) for kind in uow.session.scalars(query)]
    own = employee.id == uow.actor.employee_id
    return OfPerson(employee.id, employee.name, own, lines_of(uow, employee.id), kinds)


def lines_of(uow: UnitOfWork, employee_id: UUID) -> list[AgreedLine]:
    """The caller has asked whether the actor may see them."""
    query = (
        select(AgreedEntitlement, AbsenceType, Employee)
        .join(AbsenceType, AbsenceType.id == AgreedEntitlement.absence_type_id)
        .outerjoin(Employee, Employee.id == AgreedEntitlement.author_id)
        .where(AgreedEntitlement.employee_id == employee_id)
        .order_by(AgreedEntitlement.valid_from.desc(), AbsenceType.name)
    )
    holding: set[UUID] = set()
    lines = []
    for row, kind, found in uow.session.execute(query):
        author: Employee | None = found
        holds = row.valid_from <= uow.today() and kind.id not in holding
        if holds:
            holding.add(kind.id)
        lines.append(
            AgreedLine(
                id=row.id,
                kind=type_facts(kind),
                valid_from=row.valid_from,
                yearly_amount=row.yearly_amount,
                reason=row.reason,
                author=author.name if author is not None else "",
                made_at=row.created_at,
                holds=holds,
                planned=row.valid_from > uow.today(),
                can_be_taken_back=row.valid_from >= _earliest(uow),
            )
        )
    return lines


def agree(
    uow: UnitOfWork, employee_id: UUID, type_id: UUID, *, valid_from: date, yearly: int | None, reason: str
) -> None:
    """From a day of this year on; what is due by today is posted with it."""
    if uow.session.scalar(select(exists().where(EntitlementPlan.absence_type_id == type_id))) is not True:
        raise Refusal(Reason.NO_PLAN_TO_DIFFER_FROM, field="absence_type_id")
    entitlement_plans.agree(uow, employee_id, type_id, valid_from=valid_from, yearly=yearly, reason=reason)
    uow.session.flush()
    accruals.post(uow, [employee_id])


def take_back(uow: UnitOfWork, employee_id: UUID, agreed_entitlement_id: UUID) -> None:
    """As if it had not been agreed: what came before holds again, and the ledger is corrected. Twice is once."""
    employee = access.employee_for(uow, Permission.LEDGER_ADJUST, employee_id)
    refuse_own(uow.actor.employee_id, employee.id)
    row = access.one_or_refuse(
        uow,
        select(AgreedEntitlement)
        .where(AgreedEntitlement.id == agreed_entitlement_id, AgreedEntitlement.employee_id == employee.id)
        .with_for_update(key_share=True),
    )
    earliest = _earliest(uow)
    if row.valid_from < earliest:
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=earliest)
    uow.session.delete(row)
    audit.record(uow, audit.Action.ENTITLEMENT_AGREEMENT_TAKEN_BACK, subject=row)
    uow.session.flush()
    accruals.post(uow, [employee.id])


def _earliest(uow: UnitOfWork) -> date:
    return date(uow.today().year, 1, 1)
