"""Overtime of somebody else: what they have, and hours that are put down for them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.overtime import blueprint
from portal.blueprints.overtime.forms import DecisionForm, WorkedForm
from portal.blueprints.overtime.routes import own_form, seen_version, show_refusal
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import overtime, overtime_lists
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/<uuid:employee_id>/overtime")
@requires(Permission.ABSENCE_APPROVE)
def person(uow: UnitOfWork, employee_id: UUID) -> str:
    kinds = overtime_lists.kinds(uow)
    return render_template("overtime/person.html", **_page(uow, employee_id, own_form(uow, kinds), kinds))


@blueprint.post("/c/<company>/people/<uuid:employee_id>/overtime")
@requires(Permission.ABSENCE_APPROVE)
def book(uow: UnitOfWork, employee_id: UUID) -> Response:
    kinds = overtime_lists.kinds(uow)
    form = own_form(uow, kinds)
    if form.validate():
        try:
            overtime.book_for(uow, form.once, employee_id, form.worked())
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            flash(_("The overtime is booked, and the person is told."), "success")
            return redirect(url_for("overtime.person", employee_id=employee_id), 303)
    return form_answer("overtime/person.html", **_page(uow, employee_id, form, kinds))


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/reversal")
@requires(Permission.ABSENCE_APPROVE)
def reverse(uow: UnitOfWork, overtime_credit_id: UUID) -> Response:
    form = DecisionForm()
    row = overtime.reverse(uow, overtime_credit_id, version=seen_version(form), note=form.note.data or "")
    flash(_("The hours are taken out again, and the person is told."), "success")
    return redirect(url_for("overtime.person", employee_id=row.employee_id), 303)


def _page(
    uow: UnitOfWork, employee_id: UUID, form: WorkedForm, kinds: list[overtime_lists.OvertimeKind]
) -> dict[str, object]:
    employee, sees_balance = overtime_lists.person_for(uow, employee_id)
    return {
        "form": form,
        "kinds": kinds,
        "person": employee,
        "balances": overtime_lists.on_account(uow, employee_id, kinds) if sees_balance else [],
        "own": overtime_lists.of_person(uow, employee_id),
        "takes_rosters": overtime_lists.takes_rosters(kinds),
    }
