"""Which types of absence take overtime in: hours lie on an account of their own, beside nothing that a year grants."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import rules_on
from portal.domain.overtime import OvertimeRules
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.entitlement_plan import EntitlementPlan
from portal.models.overtime_credit import OvertimeCredit
from portal.services import access, audit
from portal.services.type_rules import dated_rules, rules_in, versions_of


def set_rules(uow: UnitOfWork, type_id: UUID, rules: OvertimeRules | None) -> None:
    """For what is booked from now on; rows that are there keep their last day."""
    query = select(AbsenceType).where(AbsenceType.id == type_id).with_for_update(key_share=True)
    row = access.one_or_refuse(uow, query)
    if rules is None:
        if row.overtime_months is not None and _is_used(uow, row.id):
            raise Refusal(Reason.OVERTIME_IN_USE, field="overtime_months")
        row.overtime_months = row.overtime_cap = None
        row.overtime_of_roster = False
    else:
        if row.counting is not CountingMethod.HOURS:
            raise Refusal(Reason.OVERTIME_NEEDS_HOURS, field="overtime_months")
        if _grants(uow, row):
            raise Refusal(Reason.OVERTIME_BESIDE_GRANT, field="overtime_months")
        if rules.of_roster and _another_takes_rosters(uow, row.id):
            raise Refusal(Reason.OVERTIME_OF_ROSTER_TWICE, field="of_roster")
        row.overtime_months, row.overtime_cap = rules.months, rules.cap
        row.overtime_of_roster = rules.of_roster
    audit.record(uow, audit.Action.ABSENCE_TYPE_CHANGED, subject=row)


def _is_used(uow: UnitOfWork, type_id: UUID) -> bool:
    there = select(OvertimeCredit.id).where(OvertimeCredit.absence_type_id == type_id).exists()
    return bool(uow.session.scalar(select(there)))


def _another_takes_rosters(uow: UnitOfWork, type_id: UUID) -> bool:
    there = select(AbsenceType.id).where(AbsenceType.overtime_of_roster, AbsenceType.id != type_id).exists()
    return bool(uow.session.scalar(select(there)))


def _grants(uow: UnitOfWork, row: AbsenceType) -> bool:
    """Today or by rules that are planned; by a plan, which settles and lapses what is on the account by its own."""
    planned = select(EntitlementPlan.id).where(EntitlementPlan.absence_type_id == row.id).exists()
    if uow.session.scalar(select(planned)):
        return True
    later = dated_rules(versions_of(uow, [row.id]).get(row.id, []))
    days = [uow.today(), *(day for day, _ in later if day > uow.today())]
    return any(rules_on(rules_in(row), later, day).yearly_entitlement is not None for day in days)
