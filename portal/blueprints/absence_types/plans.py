"""The plan by which a type gives: its versions, a new one, and what it would give to one person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absence_types import blueprint
from portal.blueprints.absence_types.plan_forms import AheadForm, PlanForm, plan_form
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_types, entitlement_plans, plan_preview
from portal.web import ledger_words, plan_words
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/absence-types/<uuid:absence_type_id>/plan")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def plan(uow: UnitOfWork, absence_type_id: UUID) -> str:
    shown = _page(uow, absence_type_id)
    current = next((one.plan for one in shown["versions"] if one.current), None)  # type: ignore[attr-defined]
    yearly = shown["shown"].rules.yearly_entitlement  # type: ignore[attr-defined]
    first = uow.today() if current else date(uow.today().year + 1, 1, 1)
    counting = shown["shown"].facts.counting  # type: ignore[attr-defined]
    form = plan_form(current, first, yearly, uow.actor.email, counting)
    return render_template("absence_types/plan.html", form=form, **shown)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/plan")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_plan(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    shown = _page(uow, absence_type_id)
    form = PlanForm(shown["shown"].facts.counting)  # type: ignore[attr-defined]
    if form.validate():
        try:
            entitlement_plans.change(uow, absence_type_id, form.plan())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(_("The plan is saved. What was given before stays as it is."), "success")
            return redirect(url_for("absence_types.plan", absence_type_id=absence_type_id), 303)
    return form_answer("absence_types/plan.html", form=form, **shown)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/plan/preview")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def preview_plan(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    """What the form would give; nothing is written."""
    shown = _page(uow, absence_type_id)
    form = PlanForm(shown["shown"].facts.counting)  # type: ignore[attr-defined]
    if form.validate():
        try:
            email = form.person.data or uow.actor.email
            found = plan_preview.preview(uow, absence_type_id, form.plan(), email)
        except Refusal as refusal:
            _show(form, refusal)
        else:
            return make_response(
                render_template("absence_types/plan.html", form=form, preview=found, **shown)
            )
    return form_answer("absence_types/plan.html", form=form, **shown)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/plan/<uuid:plan_id>/removal")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def drop_plan(uow: UnitOfWork, absence_type_id: UUID, plan_id: UUID) -> Response:
    entitlement_plans.drop_planned(uow, absence_type_id, plan_id)
    flash(_("The planned version is dropped."), "success")
    return redirect(url_for("absence_types.plan", absence_type_id=absence_type_id), 303)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/plan/use-ahead")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def allow_ahead(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    form = AheadForm()
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    entitlement_plans.allow_ahead(uow, absence_type_id, allowed=bool(form.uses_future_accrual.data))
    flash(_("Saved."), "success")
    return redirect(url_for("absence_types.plan", absence_type_id=absence_type_id), 303)


def _page(uow: UnitOfWork, absence_type_id: UUID) -> dict[str, object]:
    shown = absence_types.get_type(uow, absence_type_id)
    return {
        "shown": shown,
        "ahead": AheadForm(formdata=None, data={"uses_future_accrual": shown.uses_future_accrual}),
        "versions": entitlement_plans.history(uow, absence_type_id),
        "plan_words": plan_words,
        "formula": ledger_words.formula,
    }


def _show(form: PlanForm, refusal: Refusal) -> None:
    """A milestone has three fields: what is wrong with one stands above the form."""
    if refusal.reason is Reason.NOT_FOUND:
        raise refusal
    put_refusal(form, refusal)
