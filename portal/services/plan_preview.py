"""What a plan would give to one named person in one year, with the sums: looked at before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import Plan
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.services import access, entitlement_plans, worked_time
from portal.services.ledger_rules import Rule, accrual_rule, read_rule
from portal.services.working_time import terms_of


@dataclass(frozen=True)
class PreviewLine:
    """One part of the year."""

    effective_date: date
    amount: int
    #: What the year has given with it.
    total: int
    rule: Rule


@dataclass(frozen=True)
class Preview:
    """The year of one person."""

    employee_id: UUID
    name: str
    year: int
    lines: list[PreviewLine]

    @property
    def total(self) -> int:
        return self.lines[-1].total if self.lines else 0


def preview(uow: UnitOfWork, type_id: UUID, plan: Plan, email: str) -> Preview:
    """The year in which the plan begins to hold, for whoever within reach has this e-mail; nothing is written."""
    employee = _named(uow, email)
    versions = [one for _, one in entitlement_plans.plans(uow, type_id).get(type_id, {}).values()]
    versions = [one for one in versions if one.valid_from != plan.valid_from]
    agreed = entitlement_plans.agreed(uow, [employee.id]).get((employee.id, type_id), ())
    terms = terms_of(uow, [employee.id])
    missed = worked_time.not_worked(uow, [employee.id], terms).get(employee.id, worked_time.NOTHING)
    facts = PersonFacts(tuple(terms[employee.id]), agreed, *missed)
    year = plan.year_of(plan.valid_from)
    lines: list[PreviewLine] = []
    total = 0
    for one in accrue(facts, [*versions, plan], plan.last_day(year)):
        if one.period.year == year:
            total += one.amount
            lines.append(PreviewLine(one.effective_date, one.amount, total, read_rule(accrual_rule(one))))
    return Preview(employee.id, employee.name, year, lines)


def _named(uow: UnitOfWork, email: str) -> Employee:
    query = select(Employee).where(
        Employee.email == email.strip().lower(),
        access.employees_within(uow, Permission.LEDGER_VIEW, Employee.id),
    )
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="person")
    return found
