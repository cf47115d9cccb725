"""What people and HR are told about a request to be forgotten."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.models.erasure import ErasureRequest
from portal.models.role import Role, RoleGrant
from portal.services import outbox

_MOST_OF_HR = 20


def tell_of_receipt(uow: UnitOfWork, request: ErasureRequest) -> None:
    """The clock runs, and until when."""
    person = _person(uow, request)
    due_on = written_day(request.due_on, person.language)
    outbox.queue_mail(uow, person, "erasure_received", due_on=due_on, link=_own_page(uow))


def tell_hr(uow: UnitOfWork, request: ErasureRequest) -> None:
    """Whoever holds HR, except the person themselves."""
    person = _person(uow, request)
    people = uow.session.scalars(
        select(Employee)
        .join(RoleGrant, RoleGrant.employee_id == Employee.id)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(Role.key == "hr", Employee.active, Employee.id != person.id)
        .limit(_MOST_OF_HR)
    )
    for one in people:
        outbox.queue_mail(
            uow,
            one,
            "erasure_asked",
            employee_name=person.name,
            due_on=written_day(request.due_on, one.language),
            link=f"{uow.outside.url}/c/{uow.company.slug}/privacy/requests/{request.id}",
        )


def tell_of_extension(uow: UnitOfWork, request: ErasureRequest) -> None:
    person = _person(uow, request)
    outbox.queue_mail(
        uow,
        person,
        "erasure_extended",
        due_on=written_day(request.due_on, person.language),
        reason=request.extension_reason or "",
        link=_own_page(uow),
    )


def tell_of_refusal(uow: UnitOfWork, request: ErasureRequest) -> None:
    person, reason = _person(uow, request), request.decision_reason or ""
    outbox.queue_mail(uow, person, "erasure_declined", reason=reason, link=_own_page(uow))


def tell_of_approval(uow: UnitOfWork, request: ErasureRequest) -> None:
    """The last letter: their address is erased with the rest."""
    outbox.queue_mail(uow, _person(uow, request), "erasure_approved")


def _own_page(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/privacy"


def written_day(day: date, language: str) -> str:
    """3 May 2026 in the reader's language; Babel's plain English is American."""
    return str(format_date(day, "d MMMM y" if language == "en" else "long", locale=language))


def _person(uow: UnitOfWork, request: ErasureRequest) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.id == request.employee_id)).one()
