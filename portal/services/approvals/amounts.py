"""How long a request is, in days: hours are counted by the full week that grants of hours go by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from portal.domain.absence_costs import DAY, CountingMethod
from portal.domain.entitlement_plans import FULL_WEEK_DAYS, FULL_WEEK_MINUTES, in_full_days
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.overtime_credit import OvertimeCredit
from portal.services.approvals.subjects import Request, Subject


def of(request: Request) -> int:
    """In the unit of its type; hours are minutes."""
    return request.charge if isinstance(request, Absence) else request.worked_minutes


def in_days(amount: int, counting: CountingMethod) -> int:
    """Thousandths of a day."""
    return amount if counting is CountingMethod.DAYS else in_full_days(amount)


def at_most(about: Subject[Any], days: int) -> ColumnElement[bool]:
    """The condition that the request is no longer than so many days."""
    amount = Absence.charge if about.model is Absence else OvertimeCredit.worked_minutes
    in_hours = amount * FULL_WEEK_DAYS <= days * FULL_WEEK_MINUTES
    short = or_(
        and_(AbsenceType.counting == CountingMethod.DAYS, amount <= days * DAY),
        and_(AbsenceType.counting == CountingMethod.HOURS, in_hours),
    )
    of_type = select(AbsenceType.id).where(AbsenceType.id == about.type_id, short)
    return of_type.correlate(about.model).exists()
