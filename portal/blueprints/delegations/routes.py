"""Shows who stands in for whom, makes a delegation and ends one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.delegations import blueprint
from portal.blueprints.delegations.forms import DelegationForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.approvals import delegations
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires, signed_in
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/delegations")
@signed_in
def index(uow: UnitOfWork) -> str:
    return render_template("delegations/index.html", **_page(uow, _me(uow), _fresh_form(uow)))


@blueprint.post("/c/<company>/delegations")
@signed_in
def make(uow: UnitOfWork) -> Response:
    return _make(uow, _me(uow), url_for("delegations.index"))


@blueprint.get("/c/<company>/people/<uuid:employee_id>/delegations")
@requires(Permission.DELEGATION_MANAGE)
def of_person(uow: UnitOfWork, employee_id: UUID) -> str:
    return render_template("delegations/index.html", **_page(uow, employee_id, _fresh_form(uow)))


@blueprint.post("/c/<company>/people/<uuid:employee_id>/delegations")
@requires(Permission.DELEGATION_MANAGE)
def make_for_person(uow: UnitOfWork, employee_id: UUID) -> Response:
    return _make(uow, employee_id, url_for("delegations.of_person", employee_id=employee_id))


@blueprint.post("/c/<company>/delegations/<uuid:delegation_id>/end")
@signed_in
def end(uow: UnitOfWork, delegation_id: UUID) -> Response:
    ended = delegations.end(uow, delegation_id)
    flash(_("The delegation is over."), "success")
    if uow.actor.employee_id in (ended.employee_id, ended.deputy_id):
        return redirect(url_for("delegations.index"), 303)
    return redirect(url_for("delegations.of_person", employee_id=ended.employee_id), 303)


def _make(uow: UnitOfWork, employee_id: UUID, back: str) -> Response:
    form = _form(uow)
    if form.validate():
        try:
            delegations.make(uow, employee_id, form.delegation())
        except Refusal as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            put_refusal(form, refusal)
        else:
            flash(_("The delegation is made, and the deputy gets a letter."), "success")
            return redirect(back, 303)
    return form_answer("delegations/index.html", **_page(uow, employee_id, form))


def _page(uow: UnitOfWork, employee_id: UUID, form: DelegationForm) -> dict[str, object]:
    shown = delegations.show(uow, employee_id)
    return {"shown": shown, "form": form, "colleagues": delegations.suggestions(uow)}


def _fresh_form(uow: UnitOfWork) -> DelegationForm:
    """Filled with the dates that a link names, else from today."""
    start, end_date = (request.args.get(name, type=date.fromisoformat) for name in ("from", "to"))
    return _form(uow, {"start_date": start or uow.today(), "end_date": end_date})


def _form(uow: UnitOfWork, data: dict[str, object] | None = None) -> DelegationForm:
    form = DelegationForm() if data is None else DelegationForm(formdata=None, data=data)
    form.offer(*delegations.scopes(uow))
    return form


def _me(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    return uow.actor.employee_id
