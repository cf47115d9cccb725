"""Takes somebody back who left: a new period of employment on its own day and terms."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.forms import RehireForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import directory, invitations, line_managers, rehiring
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/<uuid:employee_id>/rehiring")
@requires(Permission.EMPLOYEE_EDIT)
def rehire(uow: UnitOfWork, employee_id: UUID) -> str:
    leaver = rehiring.for_rehiring(uow, employee_id)
    form = _offered(uow, RehireForm(formdata=None))
    form.start_with(leaver.suggested)
    beside = _beside(uow, employee_id, leaver.name)
    return render_template("people/rehire.html", form=form, last_day=leaver.last_day, **beside)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/rehiring")
@requires(Permission.EMPLOYEE_EDIT)
def carry_out_rehiring(uow: UnitOfWork, employee_id: UUID) -> Response:
    name = rehiring.check_may_rehire(uow, employee_id)
    form = _offered(uow, RehireForm())
    if form.wants_other_weeks(uow.today()):
        return make_response(
            render_template("people/rehire.html", form=form, **_beside(uow, employee_id, name))
        )
    if not form.validate():
        return form_answer("people/rehire.html", form=form, **_beside(uow, employee_id, name))
    try:
        rehiring.rehire(uow, employee_id, form.agreed())
    except Refusal as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.ALREADY_SO} and refusal.field is None:
            raise
        return refused_form("people/rehire.html", form, refusal, **_beside(uow, employee_id, name))
    if form.invite.data:
        invitations.invite_employee(uow, employee_id)
    flash(
        _("%(name)s is rehired. Grant the roles they need, and check this year's entitlement.", name=name),
        "success",
    )
    return redirect(url_for("people.show", employee_id=employee_id), 303)


def _offered(uow: UnitOfWork, form: RehireForm) -> RehireForm:
    form.offer(directory.choices(uow))
    return form


def _beside(uow: UnitOfWork, employee_id: UUID, name: str) -> dict[str, object]:
    return {
        "employee_id": employee_id,
        "name": name,
        "managers": line_managers.suggestions(uow),
    }
