"""Forgotten passwords. Asking does the same work for everybody; only the job knows whether a mail goes out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.identity import LinkPurpose
from portal.services import audit, outbox, queue, sign_in_links, throttles

SEND_TASK = "send_password_reset"
#: Within an hour: requests from one address, and mails to one person.
MOST_PER_ADDRESS = 30
MOST_PER_PERSON = 5
_WINDOW = timedelta(hours=1)


def ask(uow: UnitOfWork, email: str) -> None:
    """Queues the mail for whoever has this address, or for nobody; nothing shows which of the two."""
    email = email.strip().lower()
    now = uow.clock.now()
    if throttles.count_of_address(uow, throttles.Step.RESET, now - _WINDOW) >= MOST_PER_ADDRESS:
        raise Refusal(Reason.TOO_MANY_ATTEMPTS, again_at=now + _WINDOW)
    employee_id = uow.session.scalar(select(Employee.id).where(Employee.email == email, Employee.active))
    throttles.note(uow, throttles.Step.RESET, email, employee_id, succeeded=True)
    queue.defer(uow, SEND_TASK, employee_id=str(employee_id or uuid4()))
    audit.record(uow, audit.Action.PASSWORD_RESET_ASKED, employee=str(employee_id or ""))


def send(uow: UnitOfWork, employee_id: UUID) -> None:
    """The job's part: mails a link good for an hour, unless nobody has that id or too many went out."""
    employee = uow.session.scalars(
        select(Employee).where(Employee.id == employee_id, Employee.active)
    ).one_or_none()
    if employee is None:
        return
    purpose = LinkPurpose.PASSWORD_RESET
    if sign_in_links.count_lately(uow, employee.id, purpose, within=_WINDOW) >= MOST_PER_PERSON:
        return
    link, expires = sign_in_links.issue(uow, employee, purpose)
    outbox.queue_mail(uow, employee, "password_reset", link=link, expires=expires)
