"""Incidents and processors: what the operator keeps of them, what companies were told and answered."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import (
    CompanyIncident,
    Incident,
    IncidentEntry,
    Processor,
    ProcessorAnswer,
    ProcessorNotice,
)
from portal.models.base import Base
from portal.services.data_map.cards import Card, card


def _kept(model: type[Base], technical: str, people: str = "") -> Card:
    """Nothing here is about a person, but for who of the company answered."""
    return card(
        model,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people=people,
        technical=technical,
    )


CARDS = [
    _kept(Incident, "title severity noticed_at opened_by report closed_at"),
    _kept(IncidentEntry, "incident_id at author text"),
    _kept(
        CompanyIncident,
        "incident_id title severity since until ips sessions actions found_at event_count people_count report"
        " told_at acknowledged_at",
        people="acknowledged_by_id",
    ),
    _kept(Processor, "name purpose data place contract since ends_on announced_at told_at"),
    _kept(ProcessorAnswer, "processor_id processor_name answer note answered_at", people="answered_by_id"),
    _kept(ProcessorNotice, "processor_id told_at begins_on"),
]
