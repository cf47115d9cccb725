"""What the ids in the audit log mean: names, dates and whose things they are, all of a page in one statement.

Also says what the reader may open. What is gone has no name here; services/audit_subjects.py makes do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    and_,
    func,
    or_,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.models.audit_feed_token import AuditFeedToken
from portal.models.custom_field import CustomField, CustomValue
from portal.models.domain_claim import DomainClaim
from portal.models.employee import Employee, Employment
from portal.models.feed import Feed
from portal.models.identity_provider import IdentityProvider
from portal.models.incident import CompanyIncident
from portal.models.line_management import LineManagement
from portal.models.processor import ProcessorAnswer
from portal.models.provisioning import ScimGroup, ScimToken
from portal.models.role import Role, RoleGrant
from portal.models.roster import Roster
from portal.models.shift import Shift, ShiftTemplate
from portal.models.support import SupportGrant
from portal.models.team import Site, Team, TeamMembership
from portal.services import access
from portal.services.audit_naming.papers import PAPERS
from portal.services.audit_naming.rows import PERSON, can, opens_person, row
from portal.services.audit_naming.time_off import TIME_OFF


@dataclass(frozen=True)
class Named:
    """A row in words: what it is called, whose it is and when; `opens` when the reader may see its page."""

    table: str
    id: UUID | None
    text: str = ""
    #: What tells built-in rows, whose names are translated, from a company's own; the number of a version.
    key: str = ""
    person_id: UUID | None = None
    person: str = ""
    first: date | None = None
    last: date | None = None
    opens: bool = False
    #: Whether the reader may see the page of the person.
    opens_person: bool = False
    #: Whose page shows it, where it has none of its own: a shift is seen on its roster.
    target_id: UUID | None = None
    #: Whether its amounts are minutes, and not thousandths of a day.
    counts_hours: bool = False


@dataclass(frozen=True)
class Names:
    """The rows of one page by table and id."""

    rows: dict[tuple[str, UUID], Named]
    #: An admin reads the log and need not know why somebody is away.
    may_see_absence_types: bool

    def find(self, table: str, value: Any) -> Named | None:
        """The row, unless it is gone or `value` is no id at all."""
        one = _id(value)
        return self.rows.get((table, one)) if one is not None else None


def of(uow: UnitOfWork, mentioned: Iterable[tuple[str, Any]]) -> Names:
    """The names of the rows that are there, asked for in one statement however many and of however many tables."""
    wanted: dict[str, set[UUID]] = {}
    for table, value in mentioned:
        one = _id(value)
        if one is not None and table in _ASKING:
            wanted.setdefault(table, set()).add(one)
    queries = [_ASKING[table](uow, ids) for table, ids in sorted(wanted.items())]
    rows = uow.session.execute(union_all(*queries)).all() if queries else []
    named = [Named(**row._mapping) for row in rows]
    return Names(
        {(one.table, one.id): one for one in named if one.id is not None},
        may_see_absence_types=all(
            access.can(uow, right, Reach.COMPANY)
            for right in (Permission.ABSENCE_VIEW, Permission.SICKNESS_VIEW)
        ),
    )


def _id(value: Any) -> UUID | None:
    if isinstance(value, UUID) or value is None:
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _employee(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return row(uow, Employee.id, ids, text=PERSON, person_id=Employee.id, opens=opens_person(uow))


def _employment(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(uow, Employment.id, ids, person_id=Employment.employee_id, first=Employment.start_date)
    return query.join(Employee, Employee.id == Employment.employee_id)


def _team_membership(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(uow, TeamMembership.id, ids, text=Team.name, person_id=TeamMembership.employee_id)
    return query.join(Employee, Employee.id == TeamMembership.employee_id).join(
        Team, Team.id == TeamMembership.team_id
    )


def _line_management(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    manager = aliased(Employee)
    name = func.concat(manager.first_name, " ", manager.last_name)
    query = row(uow, LineManagement.id, ids, text=name, person_id=LineManagement.employee_id)
    return query.join(Employee, Employee.id == LineManagement.employee_id).join(
        manager, manager.id == LineManagement.manager_id
    )


def _custom_value(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner = CustomValue.employee_id
    query = row(uow, CustomValue.id, ids, text=CustomField.name, person_id=owner)
    query = query.join(CustomField, CustomField.id == CustomValue.field_id)
    return query.join(Employee, Employee.id == owner)


def _role_grant(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(uow, RoleGrant.id, ids, text=Role.name, key=Role.key, person_id=RoleGrant.employee_id)
    return query.join(Employee, Employee.id == RoleGrant.employee_id).join(Role, Role.id == RoleGrant.role_id)


def _feed(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(uow, Feed.id, ids, text=Feed.name, person_id=Feed.employee_id)
    return query.join(Employee, Employee.id == Feed.employee_id)


def _roster(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(uow, Roster.id, ids, text=Team.name, first=Roster.start_date, opens=_sees_roster(uow))
    return query.join(Team, Team.id == Roster.team_id)


def _shift(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(
        uow,
        Shift.id,
        ids,
        text=ShiftTemplate.code,
        person_id=Shift.employee_id,
        first=Shift.date,
        opens=_sees_roster(uow),
        target=Shift.roster_id,
    )
    query = query.join(Employee, Employee.id == Shift.employee_id).join(Roster, Roster.id == Shift.roster_id)
    return query.join(ShiftTemplate, ShiftTemplate.id == Shift.shift_template_id)


def _sees_roster(uow: UnitOfWork) -> Any:
    """As the page of the roster decides it."""
    edits = access.teams_within(uow, Permission.ROSTER_EDIT, Roster.team_id)
    views = access.teams_within(uow, Permission.ROSTER_VIEW, Roster.team_id)
    return and_(can(uow, Permission.ROSTER_VIEW), or_(edits, and_(views, Roster.version > 0)))


def _shift_template(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return row(uow, ShiftTemplate.id, ids, text=ShiftTemplate.name, opens=can(uow, Permission.ROSTER_EDIT))


_ASKING: dict[str, Callable[[UnitOfWork, set[UUID]], Select[Any]]] = {
    "audit_feed_token": lambda uow, ids: row(uow, AuditFeedToken.id, ids, text=AuditFeedToken.name),
    "company_incident": lambda uow, ids: row(uow, CompanyIncident.id, ids, text=CompanyIncident.title),
    "custom_field": lambda uow, ids: row(uow, CustomField.id, ids, text=CustomField.name),
    "custom_value": _custom_value,
    "domain_claim": lambda uow, ids: row(uow, DomainClaim.id, ids, text=DomainClaim.domain),
    "employee": _employee,
    "employment": _employment,
    "feed": _feed,
    "identity_provider": lambda uow, ids: row(uow, IdentityProvider.id, ids, text=IdentityProvider.name),
    "processor_answer": lambda uow, ids: row(
        uow, ProcessorAnswer.id, ids, text=ProcessorAnswer.processor_name
    ),
    "role": lambda uow, ids: row(uow, Role.id, ids, text=Role.name, key=Role.key),
    "role_grant": _role_grant,
    "roster": _roster,
    "scim_group": lambda uow, ids: row(uow, ScimGroup.id, ids, text=ScimGroup.display_name),
    "scim_token": lambda uow, ids: row(uow, ScimToken.id, ids, text=ScimToken.name),
    "shift": _shift,
    "shift_template": _shift_template,
    "site": lambda uow, ids: row(uow, Site.id, ids, text=Site.name),
    "support_grant": lambda uow, ids: row(uow, SupportGrant.id, ids, text=SupportGrant.reason),
    "team": lambda uow, ids: row(uow, Team.id, ids, text=Team.name),
    "line_management": _line_management,
    "team_membership": _team_membership,
    **PAPERS,
    **TIME_OFF,
}
