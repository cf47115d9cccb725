"""Names of absences, their types, and everything that balances and decisions leave behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    or_,
)

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.approval import ApprovalRule, RequestApprovalRule
from portal.models.delegation import Delegation
from portal.models.employee import Employee
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.models.group_entry import GroupEntry
from portal.models.holiday import SiteHoliday, SiteRegion
from portal.models.law_pack_choice import LawPackChoice
from portal.models.ledger_entry import LedgerEntry
from portal.models.overtime_credit import OvertimeCredit
from portal.models.person_holiday import PersonCalendar, PersonHoliday
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningRound
from portal.models.staffing import StaffingRule
from portal.models.year_end import LapseNotice, YearEndRun
from portal.services import access
from portal.services.audit_naming.rows import counts_hours, row


def _absence(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    opens = or_(
        access.employees_within(uow, Permission.ABSENCE_VIEW, Absence.employee_id),
        Absence.employee_id == uow.actor.employee_id,
    )
    query = row(
        uow,
        Absence.id,
        ids,
        person_id=Absence.employee_id,
        first=Absence.start_date,
        last=Absence.end_date,
        opens=opens,
        hours=counts_hours(Absence.absence_type_id),
    )
    return query.join(Employee, Employee.id == Absence.employee_id)


def _ledger_entry(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner, day = LedgerEntry.employee_id, LedgerEntry.effective_date
    opens = access.employees_within(uow, Permission.LEDGER_VIEW, owner)
    hours = counts_hours(LedgerEntry.absence_type_id)
    query = row(uow, LedgerEntry.id, ids, person_id=owner, first=day, opens=opens, target=owner, hours=hours)
    return query.join(Employee, Employee.id == owner)


def _overtime_credit(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner, day = OvertimeCredit.employee_id, OvertimeCredit.worked_on
    query = row(uow, OvertimeCredit.id, ids, person_id=owner, first=day)
    return query.join(Employee, Employee.id == owner)


def _planned_absence(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    planned = PlannedAbsence
    query = row(
        uow,
        planned.id,
        ids,
        person_id=planned.employee_id,
        first=planned.start_date,
        last=planned.end_date,
    )
    return query.join(Employee, Employee.id == planned.employee_id)


def _person_calendar(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    agreed = PersonCalendar
    query = row(uow, agreed.id, ids, person_id=agreed.employee_id, first=agreed.valid_from)
    return query.join(Employee, Employee.id == agreed.employee_id)


def _person_holiday(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    """Without its name: what somebody believes is not for every reader of the log."""
    agreed = PersonHoliday
    query = row(uow, agreed.id, ids, person_id=agreed.employee_id, first=agreed.date)
    return query.join(Employee, Employee.id == agreed.employee_id)


def _absence_type_version(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    version = AbsenceTypeVersion
    query = row(
        uow,
        version.id,
        ids,
        text=AbsenceType.name,
        key=AbsenceType.key,
        first=version.valid_from,
        hours=AbsenceType.counting == CountingMethod.HOURS,
    )
    return query.join(AbsenceType, AbsenceType.id == version.absence_type_id)


def _entitlement_plan(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    plan = EntitlementPlan
    query = row(uow, plan.id, ids, text=AbsenceType.name, key=AbsenceType.key, first=plan.valid_from)
    return query.join(AbsenceType, AbsenceType.id == plan.absence_type_id)


def _year_end_run(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    run = YearEndRun
    query = row(uow, run.id, ids, text=AbsenceType.name, key=AbsenceType.key)
    return query.join(AbsenceType, AbsenceType.id == run.absence_type_id)


def _agreed_entitlement(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    agreed = AgreedEntitlement
    query = row(uow, agreed.id, ids, person_id=agreed.employee_id, first=agreed.valid_from)
    return query.join(Employee, Employee.id == agreed.employee_id)


def _lapse_notice(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    notice = LapseNotice
    query = row(uow, notice.id, ids, person_id=notice.employee_id, last=notice.usable_through)
    return query.join(Employee, Employee.id == notice.employee_id)


def _approval_rule(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    rule = ApprovalRule
    query = row(uow, rule.id, ids, text=AbsenceType.name, key=AbsenceType.key, first=rule.valid_from)
    return query.join(AbsenceType, AbsenceType.id == rule.absence_type_id)


def _request_approval_rule(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    rule = RequestApprovalRule
    query = row(uow, rule.id, ids, text=AbsenceType.name, key=AbsenceType.key, first=rule.valid_from)
    return query.join(AbsenceType, AbsenceType.id == rule.absence_type_id)


def _delegation(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    delegation = Delegation
    query = row(
        uow,
        delegation.id,
        ids,
        person_id=delegation.employee_id,
        first=delegation.start_date,
        last=delegation.end_date,
    )
    return query.join(Employee, Employee.id == delegation.employee_id)


TIME_OFF: dict[str, Callable[[UnitOfWork, set[UUID]], Select[Any]]] = {
    "absence": _absence,
    "absence_type": lambda uow, ids: row(
        uow,
        AbsenceType.id,
        ids,
        text=AbsenceType.name,
        key=AbsenceType.key,
        hours=AbsenceType.counting == CountingMethod.HOURS,
    ),
    "absence_type_version": _absence_type_version,
    "agreed_entitlement": _agreed_entitlement,
    "approval_rule": _approval_rule,
    "request_approval_rule": _request_approval_rule,
    "delegation": _delegation,
    "entitlement_plan": _entitlement_plan,
    "lapse_notice": _lapse_notice,
    "ledger_entry": _ledger_entry,
    "overtime_credit": _overtime_credit,
    "planned_absence": _planned_absence,
    "planning_round": lambda uow, ids: row(
        uow,
        PlanningRound.id,
        ids,
        text=PlanningRound.name,
        first=PlanningRound.start_date,
        last=PlanningRound.end_date,
    ),
    "group_entry": lambda uow, ids: row(
        uow, GroupEntry.id, ids, text=GroupEntry.name, first=GroupEntry.start_date, last=GroupEntry.end_date
    ),
    "staffing_rule": lambda uow, ids: row(uow, StaffingRule.id, ids, text=StaffingRule.name),
    "person_calendar": _person_calendar,
    "person_holiday": _person_holiday,
    "site_holiday": lambda uow, ids: row(
        uow, SiteHoliday.id, ids, text=SiteHoliday.name, first=SiteHoliday.date
    ),
    "law_pack_choice": lambda uow, ids: row(uow, LawPackChoice.id, ids, text=LawPackChoice.pack),
    "site_region": lambda uow, ids: row(
        uow, SiteRegion.id, ids, text=SiteRegion.country, first=SiteRegion.valid_from
    ),
    "year_end_run": _year_end_run,
}
