"""What a new company has yet to set up before its people can ask for time off; shown to whoever can do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, null, or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee
from portal.models.entitlement_plan import EntitlementPlan
from portal.models.identity import Identity, SignInLink
from portal.models.ledger_entry import LedgerEntry
from portal.models.line_management import LineManagement
from portal.services import absence_sight, access, line_managers
from portal.services.permission_holders import holding


@dataclass(frozen=True)
class FirstSteps:
    """What is done."""

    people: bool
    led: bool  # anybody at all
    granted: bool
    sickness: bool
    invited: bool
    stuck: bool  # somebody leads who cannot decide

    @property
    def leaders(self) -> bool:
        return self.led and not self.stuck

    @property
    def finished(self) -> bool:
        """Nobody need have a type of sickness or line managers, but whoever leads must be able to decide."""
        return self.people and self.granted and self.invited and not self.stuck

    @property
    def done(self) -> int:
        return sum((self.people, self.leaders, self.granted, self.sickness, self.invited))


def column(uow: UnitOfWork) -> Any:
    """For a statement that asks for other things as well; null for who could not do the steps."""
    mine = (Permission.EMPLOYEE_IMPORT, Permission.ABSENCE_TYPE_MANAGE)
    if uow.actor.support or not all(access.can(uow, one, Reach.COMPANY) for one in mine):
        return null()
    others = and_(Employee.active, Employee.id != uow.actor.employee_id)
    return func.json_build_array(
        exists(select(Employee.id).where(others)),
        exists(select(LineManagement.id)),
        or_(exists(select(LedgerEntry.id)), exists(select(EntitlementPlan.id))),
        absence_sight.any_sickness(),
        or_(_of_others(uow, Identity), _of_others(uow, SignInLink)),
        _leaders_who_cannot_decide(uow),
    )


def read(found: list[bool] | None) -> FirstSteps | None:
    """None: not for this person, or nothing is left to do."""
    steps = FirstSteps(*found) if found else None
    return None if steps is None or steps.finished else steps


def _leaders_who_cannot_decide(uow: UnitOfWork) -> ColumnElement[bool]:
    """Line managers of today without a role that approves: nobody asks them."""
    decides = LineManagement.manager_id.in_(holding(Permission.ABSENCE_APPROVE))
    today = line_managers.holds(LineManagement, uow.today())
    works = exists().where(Employee.id == LineManagement.manager_id, Employee.active)
    return exists(select(LineManagement.id).where(today, works, ~decides))


def _of_others(uow: UnitOfWork, kind: type[Identity] | type[SignInLink]) -> ColumnElement[bool]:
    return exists(select(kind.id).where(kind.employee_id != uow.actor.employee_id))
