"""Opening a company without being asked: one of the staff asks, another one confirms, the company hears at once."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.operator import blueprint
from portal.blueprints.operator.forms import EmergencyForm
from portal.blueprints.operator.openings import staff_of
from portal.domain.refusals import Refusal
from portal.services import companies, support_emergencies
from portal.services.operator_work import OperatorWork
from portal.web import support_door
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer
from portal.web.operator_door import staff_page


@blueprint.get("/operator/emergencies/new")
@staff_page
def new_emergency(work: OperatorWork) -> str:
    form = EmergencyForm()
    form.offer()
    return render_template("operator/new_emergency.html", staff=staff_of(work), form=form)


@blueprint.post("/operator/emergencies")
@staff_page
def ask_emergency(work: OperatorWork) -> Response:
    """On record at the company from here on; the page that follows is for a colleague."""
    staff, form, template = staff_of(work), EmergencyForm(), "operator/new_emergency.html"
    form.offer()
    if not form.validate():
        return form_answer(template, staff=staff, form=form)
    company = companies.find_facts(form.company.data or "")
    if company is None:
        form.company.errors = [_("No company has this short name.")]
        return form_answer(template, staff=staff, form=form)
    try:
        with support_door.portal_unit_of_work(staff, company.id) as uow:
            grant_id = support_emergencies.ask(
                uow, staff, areas=form.chosen(), reason=(form.reason.data or "").strip()
            )
    except Refusal as refusal:
        return refused_form(template, form, refusal, staff=staff)
    work.note("asked to open in an emergency", staff.email, company=company.slug)
    address = url_for("operator.show_emergency", company_id=company.id, support_grant_id=grant_id)
    return redirect(address, code=303)


@blueprint.get("/operator/emergencies/<uuid:company_id>/<uuid:support_grant_id>")
@staff_page
def show_emergency(work: OperatorWork, company_id: UUID, support_grant_id: UUID) -> str:
    staff = staff_of(work)
    with support_door.portal_unit_of_work(staff, company_id) as uow:
        found = support_emergencies.show(uow, staff, support_grant_id)
    return render_template("operator/emergency.html", staff=staff, emergency=found)


@blueprint.post("/operator/emergencies/<uuid:company_id>/<uuid:support_grant_id>/confirmation")
@staff_page
def confirm_emergency(work: OperatorWork, company_id: UUID, support_grant_id: UUID) -> Response:
    """403 for the one who asked; 409 when the company has said no, or it is open already."""
    staff = staff_of(work)
    with support_door.portal_unit_of_work(staff, company_id) as uow:
        support_emergencies.confirm(uow, staff, support_grant_id)
        slug = uow.company.slug
    work.note("opened in an emergency", staff.email, company=slug)
    flash(_("The company is open for an hour, and its admins are told."), "success")
    return redirect(url_for("operator.index"), code=303)
