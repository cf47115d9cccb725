"""The report of an incident on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.blueprints.incidents import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.integrations.pdf.incident import IncidentSheet, render_incident
from portal.services import company_incidents
from portal.services.company_incidents import ToldIncident
from portal.services.incident_search import TouchedPerson
from portal.web.downloads import file_answer
from portal.web.filters import datetime_local
from portal.web.guards import requires
from portal.web.incident_words import SEVERITIES


@blueprint.get("/c/<company>/incidents/<uuid:company_incident_id>/report.pdf")
@requires(Permission.COMPANY_EDIT)
def report(uow: UnitOfWork, company_incident_id: UUID) -> Response:
    """The same as the page, names only for whoever reads them there; reading them is on record."""
    incident, people = company_incidents.show(uow, company_incident_id)
    pdf = render_incident(_sheet(uow, incident, people))
    name = f"incident-{incident.told_at:%Y-%m-%d}.pdf"
    return file_answer(pdf, content_type="application/pdf", file_name=name, shown=True)


def _sheet(uow: UnitOfWork, incident: ToldIncident, people: list[TouchedPerson] | None) -> IncidentSheet:
    events = ngettext("%(num)s event", "%(num)s events", incident.events)
    count = ngettext("%(num)s person", "%(num)s people", incident.people_count)
    read = _("Nobody yet")
    if incident.acknowledged_at is not None:
        read = f"{incident.acknowledged_by}, {datetime_local(incident.acknowledged_at)}"
    return IncidentSheet(
        language=str(get_locale()),
        title=incident.title,
        lead=_("Report of an incident for %(company)s", company=uow.company.name),
        facts=[
            (_("Severity"), str(SEVERITIES[incident.severity])),
            (_("Told"), datetime_local(incident.told_at)),
            (_("Authority to be told by"), datetime_local(incident.report_by)),
            (_("Read by"), read),
            (_("Period searched"), f"{datetime_local(incident.since)} – {datetime_local(incident.until)}"),
            (_("Found"), f"{events}, {count}"),
        ],
        report_title=_("Report of the operator"),
        report=incident.report.split("\n"),
        people_title=_("People it touched"),
        people_heading=[_("Name"), _("E-mail"), _("How"), _("When")],
        people=[_row(one) for one in people or []],
        foot=_("Made on %(when)s. GDPR, article 33.", when=datetime_local(uow.clock.now())),
    )


def _row(one: TouchedPerson) -> list[str]:
    how = _("Through their session") if one.used else _("Their data")
    return [one.name, one.email, how, f"{datetime_local(one.first_at)} – {datetime_local(one.last_at)}"]
