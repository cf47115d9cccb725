"""HR takes all second factors off somebody who lost them, so that they set up new ones at the next sign-in."""

from __future__ import annotations

from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.services import (
    access,
    audit,
    authenticators,
    factor_letters,
    own_factors,
    passkeys,
    recovery_codes,
    second_factors,
    sessions,
)
from portal.services.factor_letters import Change


def reset(uow: UnitOfWork, employee_id: UUID) -> None:
    """Removes every factor and ends every session; the owner is told in all old ways.

    Nobody resets their own: whoever finds an open browser must not be able to (T59).
    """
    employee = access.employee_for(uow, Permission.EMPLOYEE_INVITE, employee_id)
    if employee.id == uow.actor.employee_id:
        raise Refusal(Reason.OWN_REQUEST)
    before = own_factors.standing(uow, employee.id)
    taken = second_factors.take_away(uow, employee, by_hr=True)
    if not (before.bound or taken):
        raise Refusal(Reason.NOT_FOUND)
    authenticators.take_away(uow, employee.id)
    passkeys.take_away(uow, employee.id)
    recovery_codes.forget(uow, employee.id)
    audit.record(
        uow,
        audit.Action.SECOND_FACTORS_RESET,
        subject=employee,
        factors=[one.value for one in sorted(before.bound)],
    )
    if before.bound - {Factor.SMS}:  # of a number, its own letters tell
        factor_letters.tell(uow, employee, Change.RESET)
    sessions.end_all_of(uow, employee.id)
