"""Who hears of support access: those who may let the staff in of everything, whoever asked of what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.models.employee import Employee
from portal.models.support import SupportGrant
from portal.services import outbox, written_moments
from portal.services.permission_holders import holding


class Event(StrEnum):
    """What became of an opening; the letter has a sentence for each."""

    GRANTED = "granted"
    REFUSED = "refused"
    USED = "used"
    ENDED = "ended"
    EXPIRED = "expired"


def tell_grantors(uow: UnitOfWork, grant: SupportGrant) -> None:
    """Somebody asks for help: whoever may let the staff in is asked to decide."""
    for person in _grantors(uow):
        outbox.queue_mail(
            uow,
            person,
            "support_asked",
            actor_name=uow.actor.name,
            reason=grant.reason,
            ticket=grant.ticket,
            link=page_address(uow),
        )


def tell(uow: UnitOfWork, grant: SupportGrant, event: Event, *, staff: str = "") -> None:
    """What became of it, to those who let in and to whoever asked."""
    for person in _grantors(uow, asked_by=grant):
        outbox.queue_mail(
            uow,
            person,
            "support_changed",
            event=event.value,
            actor_name=uow.actor.name,
            staff=staff,
            happened_at=written_moments.for_letter(uow, person, uow.clock.now()),
            until=written_moments.for_letter(uow, person, grant.until) if grant.until else "",
            reason=grant.reason,
            ticket=grant.ticket,
            link=page_address(uow),
        )


def tell_of_emergency(uow: UnitOfWork, grant: SupportGrant) -> None:
    """Two of the staff have opened the company without being asked: everybody who could say no hears at once."""
    for person in _grantors(uow):
        outbox.queue_mail(
            uow,
            person,
            "support_emergency",
            staff=grant.staff_name,
            second_staff=grant.second_staff_name,
            happened_at=written_moments.for_letter(uow, person, uow.clock.now()),
            until=written_moments.for_letter(uow, person, grant.until) if grant.until else "",
            reason=grant.reason,
            link=page_address(uow),
        )


def page_address(uow: UnitOfWork) -> str:
    """Where the company sees and ends what it opened."""
    return f"{uow.outside.url}/c/{uow.company.slug}/support"


def _grantors(uow: UnitOfWork, asked_by: SupportGrant | None = None) -> Iterable[Employee]:
    """Active people who may let the staff in; with a grant also whoever asked for it."""
    asker = asked_by.asked_by_id if asked_by is not None else None
    wanted = or_(Employee.id.in_(holding(Permission.SUPPORT_GRANT)), Employee.id == asker)
    return uow.session.scalars(select(Employee).where(Employee.active, wanted).order_by(Employee.email)).all()
