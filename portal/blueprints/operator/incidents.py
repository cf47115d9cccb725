"""The operator's pages of incidents: record, timeline, whom it touched, telling them, stopping it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.actors import CompanyFacts
from portal.blueprints.operator import blueprint
from portal.blueprints.operator.incident_forms import (
    EntryForm,
    NewIncidentForm,
    ProofForm,
    ReportForm,
    SearchForm,
)
from portal.blueprints.operator.openings import staff_of
from portal.domain.incidents import Containment, Criteria, Severity, check_criteria
from portal.domain.refusals import Refusal
from portal.services import (
    companies,
    company_incidents,
    containment,
    incident_search,
    incidents,
    operator_sign_in,
)
from portal.services.operator_work import OperatorWork, Staff
from portal.web import support_door
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer
from portal.web.incident_words import MEASURES, empty_report
from portal.web.operator_door import staff_page

_REASON = "incident"
_NEW, _SHOW = "operator/new_incident.html", "operator/incident.html"
_PROOF = "operator/new_key.html"


@blueprint.get("/operator/incidents")
@staff_page
def list_incidents(work: OperatorWork) -> str:
    return render_template(
        "operator/incidents.html", staff=staff_of(work), incidents=incidents.list_incidents(work)
    )


@blueprint.get("/operator/incidents/new")
@staff_page
def new_incident(work: OperatorWork) -> str:
    form = NewIncidentForm(noticed_at=work.clock.now())
    return render_template(_NEW, staff=staff_of(work), form=form)


@blueprint.post("/operator/incidents")
@staff_page
def open_incident(work: OperatorWork) -> Response:
    staff, form = staff_of(work), NewIncidentForm()
    if not form.validate():
        return form_answer(_NEW, staff=staff, form=form)
    try:
        found = incidents.open_incident(
            work,
            staff,
            title=form.title.data or "",
            severity=Severity(form.severity.data),
            noticed_at=form.moment(),
            what=(form.what.data or "").strip(),
        )
    except Refusal as refusal:
        return refused_form(_NEW, form, refusal, staff=staff)
    return redirect(url_for("operator.show_incident", incident_id=found), code=303)


@blueprint.get("/operator/incidents/<uuid:incident_id>")
@staff_page
def show_incident(work: OperatorWork, incident_id: UUID) -> str:
    return render_template(_SHOW, **_shown(work, incident_id))


@blueprint.post("/operator/incidents/<uuid:incident_id>/entries")
@staff_page
def add_entry(work: OperatorWork, incident_id: UUID) -> Response:
    form = EntryForm()
    incidents.must_be_open(incidents.find(work, incident_id))
    if not form.validate():
        return form_answer(_SHOW, **_shown(work, incident_id, entry=form))
    incidents.write_entry(work, staff_of(work), incident_id, (form.text.data or "").strip())
    return _back(incident_id)


@blueprint.post("/operator/incidents/<uuid:incident_id>/report")
@staff_page
def write_report(work: OperatorWork, incident_id: UUID) -> Response:
    form = ReportForm()
    if not form.validate():
        return form_answer(_SHOW, **_shown(work, incident_id, report=form))
    incidents.write_report(
        work,
        staff_of(work),
        incident_id,
        severity=Severity(form.severity.data),
        report=(form.report.data or "").replace("\r\n", "\n").strip(),
    )
    flash(_("The report is saved. Companies read it when you tell them."), "success")
    return _back(incident_id)


@blueprint.post("/operator/incidents/<uuid:incident_id>/search")
@staff_page
def search_incident(work: OperatorWork, incident_id: UUID) -> Response:
    """Looks through each company's log in a transaction of its own; each company reads in its log that it was done."""
    staff, form, incident = staff_of(work), SearchForm(), incidents.find(work, incident_id)
    incidents.must_be_open(incident)
    if not form.validate():
        return form_answer(_SHOW, **_shown(work, incident_id, search=form))
    try:
        wanted = form.criteria()
        check_criteria(wanted)
    except Refusal as refusal:
        return refused_form(_SHOW, form, refusal, **_shown(work, incident_id, search=form, without_form=True))
    touched = 0
    for company in _all():
        with support_door.portal_unit_of_work(staff, company.id, reason=_REASON) as uow:
            touched += incident_search.examine(uow, incident, wanted)
    incidents.write_entry(work, staff, incident_id, _told(wanted, touched))
    flash(ngettext("%(num)s company was touched.", "%(num)s companies were touched.", touched), "success")
    return _back(incident_id)


@blueprint.post("/operator/incidents/<uuid:incident_id>/notices")
@staff_page
def tell_companies(work: OperatorWork, incident_id: UUID) -> Response:
    """All that the search found, each in its own transaction; who was told the same before hears nothing twice."""
    staff, incident = staff_of(work), incidents.find(work, incident_id)
    incidents.must_be_open(incident)
    found = incidents.show(work, incident_id).companies
    for company in found:
        with support_door.portal_unit_of_work(staff, company.id, reason=_REASON) as uow:
            company_incidents.tell(uow, incident)
    incidents.write_entry(work, staff, incident_id, f"Companies told: {len(found)}.")
    work.note("told companies of an incident", staff.email)
    flash(_("The companies are told."), "success")
    return _back(incident_id)


@blueprint.post("/operator/incidents/<uuid:incident_id>/measures")
@staff_page
def contain_incident(work: OperatorWork, incident_id: UUID) -> Response:
    """One measure, in the companies that were named by their short names, or in all of them."""
    staff, incident = staff_of(work), incidents.find(work, incident_id)
    incidents.must_be_open(incident)
    try:
        measure = Containment(request.form.get("measure", ""))
    except ValueError:
        abort(400)
    named = request.form.get("company", "")
    chosen = [one for one in _all() if not named or one.slug == named]
    if not chosen:
        abort(404)
    asked = _ask_for_proof(work, staff, incident_id, named) if measure is Containment.KEYS else None
    if asked is not None:
        return asked
    done = sum(_contain(staff, company, measure, incident.title) for company in chosen)
    where = named or "all companies"
    incidents.write_entry(work, staff, incident_id, f"{measure.value} in {where}: {done}.")
    work.note(f"incident: {measure.value}", staff.email, company=named)
    flash(_("Done: %(measure)s.", measure=str(MEASURES[measure])), "success")
    return _back(incident_id)


@blueprint.post("/operator/incidents/<uuid:incident_id>/end")
@staff_page
def close_incident(work: OperatorWork, incident_id: UUID) -> Response:
    incidents.close(work, staff_of(work), incident_id)
    flash(_("The incident is closed."), "success")
    return _back(incident_id)


def _ask_for_proof(work: OperatorWork, staff: Staff, incident_id: UUID, company: str) -> Response | None:
    """A new key cannot be taken back: an open session alone is not enough. None when the code of the app fits."""
    form, shown = ProofForm(), {"staff": staff, "incident_id": incident_id, "company": company}
    if "code" not in request.form:
        return make_response(render_template(_PROOF, form=ProofForm(formdata=None), **shown))
    if not form.validate():
        return form_answer(_PROOF, form=form, **shown)
    try:
        operator_sign_in.prove(work, staff, form.code.data or "")
    except Refusal as refusal:
        work.session.commit()
        form.code.data = ""
        return refused_form(_PROOF, form, refusal, **shown)
    return None


def _contain(staff: Staff, company: CompanyFacts, measure: Containment, title: str) -> int:
    with support_door.portal_unit_of_work(staff, company.id, reason=_REASON) as uow:
        return containment.contain(uow, measure, incident=title)


def _shown(
    work: OperatorWork,
    incident_id: UUID,
    *,
    entry: EntryForm | None = None,
    report: ReportForm | None = None,
    search: SearchForm | None = None,
    without_form: bool = False,
) -> dict[str, Any]:
    """All that the page needs; a form that was sent back keeps what was typed. `form`: the one that is wrong."""
    found = incidents.show(work, incident_id)
    incident = found.incident
    written = incident.report or empty_report()
    shown = {
        "staff": staff_of(work),
        "found": found,
        "incident": incident,
        "entry_form": entry or EntryForm(formdata=None),
        "report_form": report or ReportForm(formdata=None, severity=incident.severity, report=written),
        "search_form": search or SearchForm(formdata=None, since=incident.noticed_at, until=work.clock.now()),
        "measures": list(Containment),
    }
    return shown if without_form else {**shown, "form": entry or report or search}


def _all() -> Iterator[CompanyFacts]:
    return (one for one in companies.all_companies() if not one.licence.erasing)


def _told(wanted: Criteria, touched: int) -> str:
    asked = f"{len(wanted.sessions)} sessions, {len(wanted.ips)} addresses, actions {' '.join(wanted.actions) or 'all'}"
    return (
        f"Logs searched from {wanted.since:%Y-%m-%d %H:%M} to {wanted.until:%Y-%m-%d %H:%M} UTC"
        f" ({asked}): {touched} companies touched."
    )


def _back(incident_id: UUID) -> Response:
    return redirect(url_for("operator.show_incident", incident_id=incident_id), code=303)
