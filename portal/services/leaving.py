"""Leaving on a day that lies ahead: the work ends on it, and the person's access the morning after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.models.employee import Employee, Employment
from portal.models.identity import LinkPurpose
from portal.services import audit, line_managers, memberships, queue, roles, sessions, sign_in_links
from portal.services.staffing import notice
from portal.services.substitutes import watching

LEAVE_TASK = "leave_after_last_day"


def lay_ahead(uow: UnitOfWork, employee_id: UUID, last_day: date) -> None:
    """When the day after `last_day` begins where the company is, the person leaves if nothing has changed by then."""
    begins = datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(uow.company.time_zone))
    notice.ask(uow)
    watching.tell_of_leaving(uow, employee_id, last_day)
    queue.defer(uow, LEAVE_TASK, at=begins, employee_id=str(employee_id), last_day=last_day.isoformat())


def leave(uow: UnitOfWork, employee_id: UUID, last_day: date) -> bool:
    """Called by the job. Whose work was prolonged, who is gone already, and the last admin stay as they are."""
    employee = uow.session.scalars(
        select(Employee).where(Employee.id == employee_id).with_for_update(key_share=True)
    ).one_or_none()
    ends = _ends(uow, employee_id)
    if employee is None or not employee.active or ends != last_day or uow.today() <= last_day:
        return False
    try:
        roles.keep_somebody(uow, employee_id)
    except Refusal as refusal:
        audit.record(uow, audit.Action.EMPLOYEE_KEPT, subject=employee, reason=refusal.reason.value)
        return False
    employee.active = False
    memberships.end_after(uow, employee_id, last_day)
    line_managers.leave(uow, employee_id, last_day)
    sign_in_links.kill_all(uow, employee_id, *LinkPurpose)
    sessions.end_all_of(uow, employee_id)
    audit.record(uow, audit.Action.EMPLOYEE_DEACTIVATED, subject=employee, last_day=last_day.isoformat())
    notice.ask(uow)
    return True


def _ends(uow: UnitOfWork, employee_id: UUID) -> date | None:
    """The last day of the last terms; None when they have no end, or there are none."""
    row = uow.session.execute(
        select(func.max(Employment.end_date), func.bool_or(Employment.end_date.is_(None))).where(
            Employment.employee_id == employee_id
        )
    ).one()
    return None if row[1] else row[0]
