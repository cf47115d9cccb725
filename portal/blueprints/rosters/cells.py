"""One person's day in a roster: opened, filled, emptied, and shifts moved out of it.

Each change is a form of its own that works without JavaScript; htmx gets the rows and totals that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.rosters import blueprint
from portal.blueprints.rosters.forms import AddForm, CellForm, FillForm, PlaceForm, read
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import roster_grid, rosters, shifts
from portal.services.rosters import RosterFacts
from portal.services.shifts import Cell
from portal.web.guards import requires
from portal.web.htmx import wants_fragment
from portal.web.refusals import sentence
from portal.web.roster_grid import roster_page

#: Refusals that are about the cell and are said beside it; any other is an error page.
_SAID = {
    Reason.CHANGED_MEANWHILE: 409,
    Reason.SHIFT_OVERLAPS: 409,
    Reason.SHIFT_ON_ABSENCE: 422,
    Reason.SHIFT_OUTSIDE_ROSTER: 422,
    Reason.SHIFT_OUTSIDE_TEAM: 422,
    Reason.SHIFT_HAS_NO_LENGTH: 422,
    Reason.SHIFT_BREAK_TOO_LONG: 422,
}


@blueprint.get("/c/<company>/rosters/<uuid:roster_id>/people/<uuid:employee_id>")
@requires(Permission.ROSTER_EDIT)
def person(uow: UnitOfWork, roster_id: UUID, employee_id: UUID) -> str:
    """The person's month as a list: the way to every cell without the grid."""
    facts = rosters.roster_to_edit(uow, roster_id)
    grid = roster_grid.read_grid(uow, facts, draft=True)
    found = grid.person(employee_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return render_template("rosters/person.html", roster=facts, grid=grid, person=found)


@blueprint.get(
    "/c/<company>/rosters/<uuid:roster_id>/people/<uuid:employee_id>/<string:date>", endpoint="cell"
)
@requires(Permission.ROSTER_EDIT)
def open_cell(uow: UnitOfWork, roster_id: UUID, employee_id: UUID, date: str) -> str:
    facts = rosters.roster_to_edit(uow, roster_id)
    return _cell_page(uow, facts, Cell(employee_id, _day(date)))


@blueprint.post("/c/<company>/rosters/<uuid:roster_id>/cells")
@requires(Permission.ROSTER_EDIT)
def fill(uow: UnitOfWork, roster_id: UUID) -> Response:
    """What is typed into the grid."""
    form = FillForm()
    cell = form.cell()
    code, seen = (form.code.data or "").strip(), (form.seen.data or "").split()
    return _changed(uow, roster_id, cell, lambda: shifts.fill(uow, roster_id, cell, code, seen=seen))


@blueprint.post("/c/<company>/rosters/<uuid:roster_id>/shifts")
@requires(Permission.ROSTER_EDIT)
def add(uow: UnitOfWork, roster_id: UUID) -> Response:
    form = AddForm()
    cell = form.cell()
    return _changed(uow, roster_id, cell, lambda: shifts.add(uow, roster_id, cell, form.template))


@blueprint.post("/c/<company>/rosters/<uuid:roster_id>/shifts/<uuid:shift_id>/place")
@requires(Permission.ROSTER_EDIT)
def move(uow: UnitOfWork, roster_id: UUID, shift_id: UUID) -> Response:
    form = PlaceForm()
    cell, to = form.cell(), form.target()
    return _changed(uow, roster_id, cell, lambda: shifts.move(uow, roster_id, shift_id, seen=cell, to=to), to)


@blueprint.post("/c/<company>/rosters/<uuid:roster_id>/shifts/<uuid:shift_id>/removal")
@requires(Permission.ROSTER_EDIT)
def remove(uow: UnitOfWork, roster_id: UUID, shift_id: UUID) -> Response:
    cell = CellForm().cell()
    return _changed(uow, roster_id, cell, lambda: shifts.remove(uow, roster_id, shift_id, seen=cell))


def _changed(
    uow: UnitOfWork, roster_id: UUID, cell: Cell, change: Callable[[], object], *others: Cell
) -> Response:
    """The rows that changed and all totals; without htmx back to the person's list. A refusal is said in place."""
    try:
        change()
    except Refusal as refusal:
        if refusal.reason not in _SAID:
            raise
        return _refused(uow, roster_id, cell, refusal)
    uow.session.flush()
    if not wants_fragment():
        flash(_("The roster is changed. It is a draft until you publish it."), "success")
        return redirect(url_for("rosters.person", roster_id=roster_id, employee_id=cell.employee_id), 303)
    return make_response(_rows(uow, roster_id, "rosters/on_changed.html", cell, *others))


def _refused(uow: UnitOfWork, roster_id: UUID, cell: Cell, refusal: Refusal) -> Response:
    said, status = sentence(refusal), _SAID[refusal.reason]
    if wants_fragment():
        return make_response(_rows(uow, roster_id, "rosters/on_refused.html", cell, problem=said), status)
    facts = rosters.roster_to_edit(uow, roster_id)
    if not facts.covers(cell.date):
        raise refusal
    return make_response(_cell_page(uow, facts, cell, problem=said), status)


def _rows(uow: UnitOfWork, roster_id: UUID, template: str, *cells: Cell, **more: object) -> str:
    facts = rosters.roster_to_edit(uow, roster_id)
    grid = roster_grid.read_grid(uow, facts, draft=True)
    page = roster_page(grid, uow.today(), only=[cell.employee_id for cell in cells])
    return render_template(template, roster=facts, grid=grid, page=page, in_dialog=_in_dialog(), **more)


def _cell_page(uow: UnitOfWork, facts: RosterFacts, cell: Cell, problem: str = "") -> str:
    if not facts.covers(cell.date):
        raise Refusal(Reason.NOT_FOUND)
    grid = roster_grid.read_grid(uow, facts, draft=True)
    found = grid.person(cell.employee_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return render_template(
        "rosters/cell.html",
        roster=facts,
        grid=grid,
        person=found,
        day=cell.date,
        shifts=shifts.shifts_in(uow, facts, cell),
        problem=problem,
        in_dialog=_in_dialog(),
    )


def _in_dialog() -> bool:
    """Whether the forms stand in the grid's dialog, and their answers are regions of its page."""
    return request.values.get("in") == "dialog"


def _day(text: str) -> date:
    return read(date.fromisoformat, text)
