"""Tells people that something about their second factors changed: by mail, and at the number they have bound.

Whoever changed it may not be who they seem; the old ways reach the owner (ASVS 6.3.7).
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.services import outbox, second_factors, sessions, written_moments


class Change(StrEnum):
    """What happened, as the letter's template names it."""

    AUTHENTICATOR_ADDED = "authenticator-added"
    AUTHENTICATOR_REMOVED = "authenticator-removed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    RESET = "reset"


#: New lists are made at leisure, and replace nothing that opens by itself: the mail says enough.
_BY_MAIL_ONLY = {Change.RECOVERY_CODES_MADE}


def tell(uow: UnitOfWork, employee: Employee, change: Change, **facts: object) -> None:
    """Queues the letters. `facts` are what the sentence needs: `name` of a passkey, `left` of recovery codes."""
    outbox.queue_mail(
        uow,
        employee,
        "factor_changed",
        change=change.value,
        changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
        link=sessions.page_address(uow),
        name=facts.get("name", ""),
        left=facts.get("left", 0),
    )
    factor = second_factors.find_factor(uow, employee.id)
    if factor is not None and factor.confirmed_at is not None and change not in _BY_MAIL_ONLY:
        outbox.queue_sms(uow, employee, "factor_changed", to=second_factors.number_of(uow, factor))


def actor_row(uow: UnitOfWork) -> Employee:
    """The acting person, as letters need them."""
    return uow.session.scalars(select(Employee).where(Employee.id == uow.actor.employee_id)).one()
