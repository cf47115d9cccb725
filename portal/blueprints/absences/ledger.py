"""The rows behind a balance, for the person and for who may see them; HR's grants and corrections."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import AdjustmentForm, GrantForm, type_choices
from portal.blueprints.absences.own import show_refusal
from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import absence_requests, balances, entitlements, ledger_as_of
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.refusals import sentence


@blueprint.get("/c/<company>/people/<uuid:employee_id>/ledger")
@requires(Permission.LEDGER_VIEW)
def ledger(uow: UnitOfWork, employee_id: UUID) -> str:
    return render_template("absences/ledger.html", **_page(uow, employee_id, _adjustment_form(uow)))


@blueprint.post("/c/<company>/people/<uuid:employee_id>/ledger/adjustments")
@requires(Permission.LEDGER_ADJUST)
def adjust(uow: UnitOfWork, employee_id: UUID) -> Response:
    form = _adjustment_form(uow)
    if not form.validate():
        return form_answer("absences/ledger.html", **_page(uow, employee_id, form))
    try:
        entitlements.adjust(
            uow,
            form.once,
            employee_id,
            absence_type_id=UUID(form.absence_type_id.data),
            year=form.year.data,
            amount=form.in_ledger,
            reason=form.reason.data,
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        return form_answer("absences/ledger.html", **_page(uow, employee_id, form))
    flash(_("The correction is in the ledger."), "success")
    return redirect(url_for("absences.ledger", employee_id=employee_id), 303)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/ledger/grants")
@requires(Permission.LEDGER_ADJUST)
def grant(uow: UnitOfWork, employee_id: UUID) -> Response:
    form = GrantForm()
    if not form.validate():
        return form_answer(
            "absences/ledger.html", **_page(uow, employee_id, _adjustment_form(uow, fresh=True))
        )
    if entitlements.grant_year(uow, employee_id, form.year.data):
        flash(_("The entitlement for %(year)s is granted.", year=form.year.data), "success")
    else:
        flash(_("There is nothing to grant for %(year)s.", year=form.year.data), "info")
    return redirect(url_for("absences.ledger", employee_id=employee_id), 303)


def _page(uow: UnitOfWork, employee_id: UUID, form: AdjustmentForm) -> dict[str, object]:
    opened = balances.ledger_of(uow, employee_id)
    day, problem = _asked_day()
    shown = None
    if day is not None:
        try:
            shown = ledger_as_of.as_of(uow, opened, day)
        except Refusal as refusal:
            problem = sentence(refusal)
    granted = {row.year for row in opened.rows if row.rule.shares}
    this_year = uow.today().year
    return {
        "ledger": opened,
        "form": form,
        "as_of": shown,
        "can_report": any(sick for _, sick in form.offered),
        "can_book_overtime": any(one.takes_overtime for one, _ in form.offered),
        "as_of_day": day or uow.today(),
        "as_of_problem": problem,
        "ungranted_years": [year for year in (this_year, this_year + 1) if year not in granted],
    }


def _asked_day() -> tuple[date | None, str]:
    """The day of `?as_of=`, and what is wrong with it."""
    asked = request.args.get("as_of", "")
    if not asked:
        return None, ""
    try:
        return date.fromisoformat(asked), ""
    except ValueError:
        return None, _("Please choose a date.")


def _adjustment_form(uow: UnitOfWork, *, fresh: bool = False) -> AdjustmentForm:
    form = AdjustmentForm(formdata=None) if fresh else AdjustmentForm(data={"year": uow.today().year})
    form.offered = absence_requests.list_offered(uow)
    kinds = [one for one, _ in form.offered]
    form.absence_type_id.choices = type_choices(kinds)
    form.hour_types = frozenset(str(one.id) for one in kinds if one.counting is CountingMethod.HOURS)
    form.give_key()
    return form
