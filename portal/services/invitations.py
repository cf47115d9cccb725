"""Invites people: a single-use link by mail with which they choose their first password."""

from __future__ import annotations

from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.models.employee import Employee
from portal.models.identity import LinkPurpose
from portal.services import access, audit, outbox, sign_in_links


def invite_employee(uow: UnitOfWork, employee_id: UUID) -> None:
    """Invites the person again or for the first time, if the actor may."""
    invite(uow, access.employee_for(uow, Permission.EMPLOYEE_INVITE, employee_id))


def invite(uow: UnitOfWork, employee: Employee) -> None:
    """Mails the link; an invitation sent before stops working. The caller has checked who may."""
    link, expires = sign_in_links.issue(uow, employee, LinkPurpose.INVITATION)
    outbox.queue_mail(uow, employee, "invitation", link=link, expires=expires)
    audit.record(uow, audit.Action.EMPLOYEE_INVITED, subject=employee)
