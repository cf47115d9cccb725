"""An absence that a closure made: its name, and who may give it up. Making and undoing closures is in group_entries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from portal.db import UnitOfWork
from portal.domain.group_entries import GroupKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.group_entry import GroupEntry
from portal.services import access


def name_of() -> ColumnElement[str | None]:
    """A column: what the closure is called that made the absence of the statement; None: none did."""
    return (
        select(GroupEntry.name)
        .where(GroupEntry.id == Absence.group_entry_id, GroupEntry.kind == GroupKind.CLOSURE)
        .correlate(Absence)
        .scalar_subquery()
        .label("closure")
    )


def round_of() -> ColumnElement[str | None]:
    """A column: the planning round that determined the absence of the statement; None: none did."""
    return (
        select(GroupEntry.name)
        .where(GroupEntry.id == Absence.group_entry_id, GroupEntry.kind == GroupKind.PLANNING)
        .correlate(Absence)
        .scalar_subquery()
        .label("planning_round")
    )


def refuse_giving_up(uow: UnitOfWork, absence: Absence) -> None:
    """The employer closes, so it is for those who may enter absences for the person, and never their own."""
    if absence.group_entry_id is None:
        return
    name = uow.session.scalar(select(name_of()).where(Absence.id == absence.id))
    own = absence.employee_id == uow.actor.employee_id
    if name is not None and (own or not access.may_reach(uow, Permission.ABSENCE_ENTER, absence.employee_id)):
        raise Refusal(Reason.CLOSURE_STANDS, name=name)
