"""The letter to a deputy."""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.integrations.letters import in_language
from portal.models.absence_type import AbsenceType
from portal.models.delegation import Delegation
from portal.models.employee import Employee
from portal.models.team import Team
from portal.services import outbox
from portal.services.absence_letters import period, type_name


def tell_deputy(
    uow: UnitOfWork,
    row: Delegation,
    giver: Employee,
    deputy: Employee,
    kind: AbsenceType | None,
    team: Team | None,
) -> None:
    """What they may decide now, for whom and until when; with the reason that the giver wrote for them."""
    outbox.queue_mail(
        uow,
        deputy,
        "delegation_made",
        employee_name=giver.name,
        period=period(row.start_date, row.end_date, deputy.language),
        absence_type=type_name(kind, deputy.language) if kind else in_language(deputy.language, "All types"),
        team=team.name if team else "",
        most_days=row.most_days or 0,
        note=row.reason or "",
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences/approvals",
    )
