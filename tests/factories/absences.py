"""Requests for time off and grants, made through the services as people make them."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.periods import Part
from portal.models import Absence, AbsenceType
from portal.services import absence_requests, absence_types, entitlements
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.approvals import shown_routes
from portal.services.approvals.shown_routes import ShownStep


def vacation(uow: UnitOfWork) -> AbsenceType:
    return uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "vacation")).one()


def grant(uow: UnitOfWork, *employee_ids: UUID, years: tuple[int, ...] = (2026,)) -> int:
    """The year's entitlement, as the import or HR grants it."""
    count = entitlements.ensure_grants(uow, employee_ids, years)
    uow.session.flush()
    return count


def wish(uow: UnitOfWork, start_date: date, end_date: date | None = None, **more) -> Wish:
    return Wish(vacation(uow).id, start_date, end_date or start_date, **more)


def ask(
    uow: UnitOfWork, start_date: date, end_date: date | None = None, *, absence_id: UUID | None = None, **more
) -> Absence:
    """A request by whoever acts in `uow`."""
    absence = absence_requests.request(uow, absence_id or uuid4(), wish(uow, start_date, end_date, **more))
    uow.session.flush()
    return absence


def sickness_type(uow: UnitOfWork, **rules) -> UUID:
    """A type of sickness as HR makes it."""
    row = absence_types.create(uow, TypeLook("Sickness", "S", "pink"), TypeRules(sickness=True, **rules))
    uow.session.flush()
    return row.id


MORNING, AFTERNOON = Part.AM, Part.PM


def route_of(uow: UnitOfWork, absence_id: UUID) -> list[ShownStep]:
    """The steps of a request as pages show them."""
    return shown_routes.read(
        uow.session.scalar(select(shown_routes.column()).where(Absence.id == absence_id))
    )
