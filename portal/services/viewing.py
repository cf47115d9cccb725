"""Looking at the portal as a role sees it: begun and ended by admins, read only, on record.

It changes what the session's person is granted, in the one place where that is worked out; no page knows of it.
What is shown is never more than the admin may see, and pages about oneself stay about the admin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.actors import Actor, Viewing
from portal.db import UnitOfWork
from portal.domain.permissions import Grants, Permission, Reach, combine
from portal.domain.refusals import Reason, Refusal
from portal.domain.viewing import LONGEST, left_out, seen_as
from portal.models.employee import Employee
from portal.models.identity import SignInSession
from portal.models.role import Role, RolePermission
from portal.services import access, audit, stored_grants

#: Held by everybody beside any other role, so every role is seen together with it.
_EVERYONE = "employee"
_SEEN_ROLE, _PLACE, _HELD_ROLE = aliased(Role), aliased(Employee), aliased(Role)


@dataclass(frozen=True)
class Preview:
    """What looking as a role would show, and what it leaves out because the viewer may not see it."""

    role_id: UUID
    key: str
    name: str
    shown: Grants
    left_out: Grants


def preview(uow: UnitOfWork, role_id: UUID, *, elsewhere: bool = False) -> Preview:
    """What the actor would be shown of the role."""
    _check_may_look(uow.actor.grants)
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    pairs = uow.session.scalar(_grants_of(role_id))
    seen, own = combine(stored_grants.read(pairs)), uow.actor.grants
    return Preview(
        role.id,
        role.key,
        role.name,
        shown=seen_as(seen, own, elsewhere=elsewhere),
        left_out=left_out(seen, own, elsewhere=elsewhere),
    )


def start(uow: UnitOfWork, role_id: UUID, *, place_email: str = "") -> None:
    """From the next click on this browser sees what the role sees, from the actor's place or another person's."""
    _check_may_look(uow.actor.grants)
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    place = _place(uow, place_email)
    until = uow.clock.now() + LONGEST
    _write(uow, role.id, place.id if place else None, until)
    audit.record(
        uow,
        audit.Action.VIEWING_STARTED,
        subject=role,
        role=role.name,
        place=place.email if place else "",
        until=until.isoformat(timespec="minutes"),
    )


def end(uow: UnitOfWork) -> None:
    """The actor is themselves again from the next click on; nothing when they are already."""
    viewing = uow.actor.viewing
    if viewing is None:
        return
    _write(uow, None, None, None)
    audit.record(uow, audit.Action.VIEWING_ENDED, role=viewing.role_name, by_itself=viewing.over)
    uow.actor = replace(uow.actor, viewing=None)


def end_all_of_role(uow: UnitOfWork, role_id: UUID) -> None:
    """The role is about to go; whoever looks as it does is themselves again."""
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.viewing_role_id == role_id)
        .values(viewing_role_id=None, viewing_place_id=None, viewing_until=None)
    )


def columns() -> tuple[Any, ...]:
    """What recognising a session reads of this beside it; nothing is looked up when nobody is looking."""
    return (
        SignInSession.viewing_until,
        SignInSession.viewing_place_id,
        _SEEN_ROLE.id.label("viewing_role_id"),
        _SEEN_ROLE.key.label("viewing_role_key"),
        _SEEN_ROLE.name.label("viewing_role_name"),
        func.concat(_PLACE.first_name, " ", _PLACE.last_name).label("viewing_place_name"),
        _grants_of(SignInSession.viewing_role_id)
        .where(SignInSession.viewing_role_id.is_not(None))
        .scalar_subquery()
        .label("viewing_grants"),
    )


def joined(query: Any) -> Any:
    """The tables that `columns` reads."""
    return query.outerjoin(_SEEN_ROLE, _SEEN_ROLE.id == SignInSession.viewing_role_id).outerjoin(
        _PLACE, _PLACE.id == SignInSession.viewing_place_id
    )


def as_seen(actor: Actor, row: Any, now: datetime) -> Actor:
    """The actor as the session has them look: with what the role sees while that lasts."""
    if row.viewing_role_id is None:
        return actor
    over = now >= row.viewing_until or not _may_look(actor.grants)
    elsewhere = row.viewing_place_id is not None
    viewing = Viewing(
        role_id=row.viewing_role_id,
        role_key=row.viewing_role_key,
        role_name=row.viewing_role_name,
        place_id=row.viewing_place_id,
        place_name=row.viewing_place_name.strip(),
        until=row.viewing_until,
        over=over,
    )
    if over:
        return replace(actor, viewing=replace(viewing, place_id=None))
    shown = seen_as(stored_grants.read(row.viewing_grants), actor.grants, elsewhere=elsewhere)
    return replace(actor, grants=shown, viewing=viewing)


def _may_look(own: Grants) -> bool:
    return own.get(Permission.ROLE_MANAGE) == Reach.COMPANY


def _check_may_look(own: Grants) -> None:
    if not _may_look(own):
        raise Refusal(Reason.NOT_PERMITTED)


def _place(uow: UnitOfWork, email: str) -> Employee | None:
    if not email:
        return None
    query = select(Employee).where(Employee.email == email.lower(), Employee.active)
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="email")
    return found if found.id != uow.actor.employee_id else None


def _grants_of(role_id: Any) -> Select[Sequence[str]]:
    """What this role and that of everybody hold together, as one array."""
    return (
        select(stored_grants.as_array())
        .select_from(RolePermission)
        .join(_HELD_ROLE, _HELD_ROLE.id == RolePermission.role_id)
        .where(or_(_HELD_ROLE.id == role_id, _HELD_ROLE.key == _EVERYONE))
    )


def _write(uow: UnitOfWork, role_id: UUID | None, place_id: UUID | None, until: datetime | None) -> None:
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == uow.request.session_id)
        .values(viewing_role_id=role_id, viewing_place_id=place_id, viewing_until=until)
    )
