"""The company's own pages of incidents. They stay open when nothing else may be changed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.incidents import blueprint
from portal.blueprints.incidents.forms import ContactForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import company_incidents
from portal.web.audit_words import action_label
from portal.web.form_refusals import refused_form
from portal.web.guards import also_when_over, requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/incidents")
@requires(Permission.COMPANY_EDIT)
def index(uow: UnitOfWork) -> str:
    form = ContactForm(security_contact=company_incidents.contact(uow))
    return render_template("incidents/index.html", incidents=company_incidents.list_told(uow), form=form)


@blueprint.get("/c/<company>/incidents/<uuid:company_incident_id>")
@requires(Permission.COMPANY_EDIT)
def show(uow: UnitOfWork, company_incident_id: UUID) -> str:
    """The report; whom it touched is read from the log anew, and that is on record."""
    incident, people = company_incidents.show(uow, company_incident_id)
    actions = [action_label(one) for one in incident.actions]
    return render_template("incidents/show.html", incident=incident, people=people, actions=actions)


@blueprint.post("/c/<company>/incidents/<uuid:company_incident_id>/acknowledgement")
@requires(Permission.COMPANY_EDIT)
@also_when_over
def acknowledge(uow: UnitOfWork, company_incident_id: UUID) -> Response:
    company_incidents.acknowledge(uow, company_incident_id)
    flash(_("Thank you. The operator sees that you have read it."), "success")
    return redirect(url_for("incidents.show", company_incident_id=company_incident_id), code=303)


@blueprint.post("/c/<company>/incidents/contact")
@requires(Permission.COMPANY_EDIT)
@also_when_over
def set_contact(uow: UnitOfWork) -> Response:
    form, told = ContactForm(), company_incidents.list_told(uow)
    if not form.validate():
        return form_answer("incidents/index.html", form=form, incidents=told)
    try:
        company_incidents.set_contact(uow, form.security_contact.data or "")
    except Refusal as refusal:
        return refused_form("incidents/index.html", form, refusal, incidents=told)
    flash(_("The contact is saved."), "success")
    return redirect(url_for("incidents.index"), code=303)
