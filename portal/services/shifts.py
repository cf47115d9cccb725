"""Changes of a roster's draft: a planner puts, moves and removes shifts. Staff see none of it until it is published.

A person never has two shifts at once, whatever the team: asked here to name the other shift, and the
database's constraint has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.shift import Shift, ShiftTemplate
from portal.services import access, audit, entitlements, shift_rules
from portal.services.rosters import RosterFacts, roster_to_edit
from portal.services.shift_rules import as_moments, as_range
from portal.services.shift_templates import facts_of


@dataclass(frozen=True)
class Cell:
    """One person's day in a roster."""

    employee_id: UUID
    date: date


@dataclass(frozen=True)
class CellShift:
    """A shift in the cell that was opened."""

    id: UUID
    template_id: UUID
    code: str
    name: str
    colour: str
    during: tuple[datetime, datetime]
    paid_minutes: int


def shifts_in(uow: UnitOfWork, facts: RosterFacts, cell: Cell) -> list[CellShift]:
    """What the draft has in the cell, by time."""
    return [
        CellShift(
            shift.id,
            template.id,
            template.code,
            template.name,
            template.colour,
            as_moments(shift.during),
            shift.paid_minutes,
        )
        for shift, template in _present(uow, facts, cell)
    ]


def add(uow: UnitOfWork, roster_id: UUID, cell: Cell, template_id: UUID) -> Shift:
    """One more shift in the cell, which may hold several that leave each other alone."""
    facts = _opened(uow, roster_id, cell)
    template = access.one_or_refuse(uow, select(ShiftTemplate).where(ShiftTemplate.id == template_id))
    shift = _put(uow, facts, cell, template)
    audit.record(uow, audit.Action.SHIFT_ADDED, subject=shift, code=template.code)
    return shift


def fill(uow: UnitOfWork, roster_id: UUID, cell: Cell, code: str, *, seen: list[str]) -> None:
    """The cell as in a spreadsheet: one shift of this code instead of what was `seen` there; nothing for ""."""
    facts = _opened(uow, roster_id, cell)
    present = _present(uow, facts, cell)
    codes = [template.code for _, template in present]
    if [one.lower() for one in codes] == [code.lower()] * bool(code):
        return  # as wished already: sent twice, or by two planners of one mind
    if codes != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    with uow.session.begin_nested():
        _empty(uow, [shift for shift, _ in present[1 if code else 0 :]])
        if not code:
            return
        template = _by_code(uow, code)
        if present:
            _replace(uow, facts, present[0][0], cell, template)
            return
        shift = _put(uow, facts, cell, template)
    audit.record(uow, audit.Action.SHIFT_ADDED, subject=shift, code=template.code)


def move(uow: UnitOfWork, roster_id: UUID, shift_id: UUID, *, seen: Cell, to: Cell) -> None:
    """The same shift for another person, on another day, or both."""
    facts = _opened(uow, roster_id, seen, to)
    shift, template = _seen_shift(uow, facts, shift_id, seen)
    shift_rules.check_member(uow, facts, to.employee_id, to.date)
    shift_rules.refuse_absence(uow, to.employee_id, to.date)
    moments = facts_of(template).times.on(to.date, facts.zone)
    shift_rules.refuse_overlap(uow, to.employee_id, moments, but=shift.id)
    with shift_rules.constraint_speaks(uow, to.date):
        shift.employee_id, shift.date = to.employee_id, to.date
        shift.during, shift.paid_minutes = as_range(moments), moments.paid_minutes
    audit.record(uow, audit.Action.SHIFT_MOVED, subject=shift, code=template.code)


def remove(uow: UnitOfWork, roster_id: UUID, shift_id: UUID, *, seen: Cell) -> None:
    facts = _opened(uow, roster_id, seen)
    shift, _ = _seen_shift(uow, facts, shift_id, seen)
    _empty(uow, [shift])


def _opened(uow: UnitOfWork, roster_id: UUID, *cells: Cell) -> RosterFacts:
    """The roster for a change of these cells. Who changes the same people's time waits here until we are done.

    It is the lock that decisions over absences take, so that a shift and an approval never pass each other.
    """
    facts = roster_to_edit(uow, roster_id)
    for cell in cells:
        if not facts.covers(cell.date):
            raise Refusal(Reason.SHIFT_OUTSIDE_ROSTER, field="date", date=cell.date)
    entitlements.lock(uow, sorted({cell.employee_id for cell in cells}))
    return facts


def _put(uow: UnitOfWork, facts: RosterFacts, cell: Cell, template: ShiftTemplate) -> Shift:
    shift_rules.check_member(uow, facts, cell.employee_id, cell.date)
    shift_rules.refuse_absence(uow, cell.employee_id, cell.date)
    moments = facts_of(template).times.on(cell.date, facts.zone)
    shift_rules.refuse_overlap(uow, cell.employee_id, moments)
    shift = Shift(
        roster_id=facts.id,
        employee_id=cell.employee_id,
        shift_template_id=template.id,
        date=cell.date,
        during=as_range(moments),
        paid_minutes=moments.paid_minutes,
    )
    with shift_rules.constraint_speaks(uow, cell.date):
        uow.session.add(shift)
    return shift


def _replace(uow: UnitOfWork, facts: RosterFacts, shift: Shift, cell: Cell, template: ShiftTemplate) -> None:
    """Another kind of shift in the same place; it stays the same shift, so that letters can say what it was."""
    if shift.shift_template_id == template.id:
        return
    shift_rules.check_member(uow, facts, cell.employee_id, cell.date)
    shift_rules.refuse_absence(uow, cell.employee_id, cell.date)
    moments = facts_of(template).times.on(cell.date, facts.zone)
    shift_rules.refuse_overlap(uow, cell.employee_id, moments, but=shift.id)
    with shift_rules.constraint_speaks(uow, cell.date):
        shift.shift_template_id = template.id
        shift.during, shift.paid_minutes = as_range(moments), moments.paid_minutes
    audit.record(uow, audit.Action.SHIFT_CHANGED, subject=shift, code=template.code)


def _empty(uow: UnitOfWork, shifts: list[Shift]) -> None:
    for shift in shifts:
        audit.record(uow, audit.Action.SHIFT_REMOVED, subject=shift)
        uow.session.delete(shift)
    uow.session.flush()  # before anything is put in their place


def _present(uow: UnitOfWork, facts: RosterFacts, cell: Cell) -> list[tuple[Shift, ShiftTemplate]]:
    query = (
        select(Shift, ShiftTemplate)
        .join(ShiftTemplate, ShiftTemplate.id == Shift.shift_template_id)
        .where(*_in_cell(facts, cell))
        .order_by(Shift.during)
    )
    return [(shift, template) for shift, template in uow.session.execute(query)]


def _in_cell(facts: RosterFacts, cell: Cell) -> tuple[ColumnElement[bool], ...]:
    return (
        Shift.roster_id == facts.id,
        Shift.employee_id == cell.employee_id,
        Shift.date == cell.date,
    )


def _seen_shift(
    uow: UnitOfWork, facts: RosterFacts, shift_id: UUID, seen: Cell
) -> tuple[Shift, ShiftTemplate]:
    """The shift, if it still is where the planner saw it (T158)."""
    query = (
        select(Shift, ShiftTemplate)
        .join(ShiftTemplate, ShiftTemplate.id == Shift.shift_template_id)
        .where(Shift.id == shift_id, Shift.roster_id == facts.id)
        .execution_options(populate_existing=True)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    if (found[0].employee_id, found[0].date) != (seen.employee_id, seen.date):
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return found[0], found[1]


def _by_code(uow: UnitOfWork, code: str) -> ShiftTemplate:
    """The template of this code, whether typed in small or capital letters."""
    return access.one_or_refuse(
        uow, select(ShiftTemplate).where(func.lower(ShiftTemplate.code) == code.lower())
    )
