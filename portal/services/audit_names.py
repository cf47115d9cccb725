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
    Date,
    Select,
    Text,
    Uuid,
    and_,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission, Reach
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.approval import ApprovalRule
from portal.models.audit_feed_token import AuditFeedToken
from portal.models.custom_field import CustomField, CustomValue
from portal.models.delegation import Delegation
from portal.models.distribution import Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.models.domain_claim import DomainClaim
from portal.models.employee import Employee, Employment
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.models.feed import Feed
from portal.models.holiday import SiteHoliday, SiteRegion
from portal.models.identity_provider import IdentityProvider
from portal.models.incident import CompanyIncident
from portal.models.ledger_entry import LedgerEntry
from portal.models.processor import ProcessorAnswer
from portal.models.provisioning import ScimGroup, ScimToken
from portal.models.role import Role, RoleGrant
from portal.models.roster import Roster
from portal.models.shift import Shift, ShiftTemplate
from portal.models.support import SupportGrant
from portal.models.team import Site, Team, TeamMembership
from portal.models.year_end import LapseNotice, YearEndRun
from portal.services import access


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
        may_see_absence_types=access.can(uow, Permission.ABSENCE_VIEW, Reach.COMPANY),
    )


def _id(value: Any) -> UUID | None:
    if isinstance(value, UUID) or value is None:
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None


_PERSON = func.concat(Employee.first_name, " ", Employee.last_name)


def _row(
    uow: UnitOfWork,
    row_id: InstrumentedAttribute[UUID],
    ids: set[UUID],
    *,
    text: Any = None,
    key: Any = None,
    person_id: Any = None,
    first: Any = None,
    last: Any = None,
    opens: Any = None,
    target: Any = None,
    hours: Any = None,
) -> Select[Any]:
    """One branch of the statement: the columns of Named, in their order."""
    return select(
        literal(row_id.class_.__tablename__).label("table"),
        row_id.label("id"),
        (literal("") if text is None else text).label("text"),
        (literal("") if key is None else key).label("key"),
        (null().cast(Uuid) if person_id is None else person_id).label("person_id"),
        (literal("") if person_id is None else _PERSON).label("person"),
        (null().cast(Date) if first is None else first).label("first"),
        (null().cast(Date) if last is None else last).label("last"),
        (false() if opens is None else opens).label("opens"),
        (false() if person_id is None else _opens_person(uow)).label("opens_person"),
        (null().cast(Uuid) if target is None else target).label("target_id"),
        (false() if hours is None else hours).label("counts_hours"),
    ).where(row_id.in_(ids))


def _counts_hours(type_id: Any) -> Any:
    return exists().where(AbsenceType.id == type_id, AbsenceType.counting == CountingMethod.HOURS)


def _can(uow: UnitOfWork, permission: Permission, reach: Reach = Reach.OWN) -> Any:
    return literal(access.can(uow, permission, reach))


def _employee(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return _row(uow, Employee.id, ids, text=_PERSON, person_id=Employee.id, opens=_opens_person(uow))


def _opens_person(uow: UnitOfWork) -> Any:
    """As the page of a person decides it: colleagues for everybody, who left for who sees records."""
    record = access.employees_within(uow, Permission.EMPLOYEE_VIEW, Employee.id)
    return and_(_can(uow, Permission.DIRECTORY_VIEW), or_(Employee.active, record))


def _absence(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    opens = or_(
        access.employees_within(uow, Permission.ABSENCE_VIEW, Absence.employee_id),
        Absence.employee_id == uow.actor.employee_id,
    )
    query = _row(
        uow,
        Absence.id,
        ids,
        person_id=Absence.employee_id,
        first=Absence.start_date,
        last=Absence.end_date,
        opens=opens,
        hours=_counts_hours(Absence.absence_type_id),
    )
    return query.join(Employee, Employee.id == Absence.employee_id)


def _ledger_entry(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner, day = LedgerEntry.employee_id, LedgerEntry.effective_date
    opens = access.employees_within(uow, Permission.LEDGER_VIEW, owner)
    hours = _counts_hours(LedgerEntry.absence_type_id)
    query = _row(uow, LedgerEntry.id, ids, person_id=owner, first=day, opens=opens, target=owner, hours=hours)
    return query.join(Employee, Employee.id == owner)


def _employment(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(uow, Employment.id, ids, person_id=Employment.employee_id, first=Employment.start_date)
    return query.join(Employee, Employee.id == Employment.employee_id)


def _team_membership(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(uow, TeamMembership.id, ids, text=Team.name, person_id=TeamMembership.employee_id)
    return query.join(Employee, Employee.id == TeamMembership.employee_id).join(
        Team, Team.id == TeamMembership.team_id
    )


def _custom_value(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner = CustomValue.employee_id
    query = _row(uow, CustomValue.id, ids, text=CustomField.name, person_id=owner)
    query = query.join(CustomField, CustomField.id == CustomValue.field_id)
    return query.join(Employee, Employee.id == owner)


def _role_grant(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(uow, RoleGrant.id, ids, text=Role.name, key=Role.key, person_id=RoleGrant.employee_id)
    return query.join(Employee, Employee.id == RoleGrant.employee_id).join(Role, Role.id == RoleGrant.role_id)


def _absence_type_version(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    version = AbsenceTypeVersion
    query = _row(
        uow,
        version.id,
        ids,
        text=AbsenceType.name,
        key=AbsenceType.key,
        first=version.valid_from,
        hours=AbsenceType.counting == CountingMethod.HOURS,
    )
    return query.join(AbsenceType, AbsenceType.id == version.absence_type_id)


def _entitlement_plan(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    plan = EntitlementPlan
    query = _row(uow, plan.id, ids, text=AbsenceType.name, key=AbsenceType.key, first=plan.valid_from)
    return query.join(AbsenceType, AbsenceType.id == plan.absence_type_id)


def _year_end_run(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    run = YearEndRun
    query = _row(uow, run.id, ids, text=AbsenceType.name, key=AbsenceType.key)
    return query.join(AbsenceType, AbsenceType.id == run.absence_type_id)


def _agreed_entitlement(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    row = AgreedEntitlement
    query = _row(uow, row.id, ids, person_id=row.employee_id, first=row.valid_from)
    return query.join(Employee, Employee.id == row.employee_id)


def _lapse_notice(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    row = LapseNotice
    query = _row(uow, row.id, ids, person_id=row.employee_id, last=row.usable_through)
    return query.join(Employee, Employee.id == row.employee_id)


def _approval_rule(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    rule = ApprovalRule
    query = _row(uow, rule.id, ids, text=AbsenceType.name, key=AbsenceType.key, first=rule.valid_from)
    return query.join(AbsenceType, AbsenceType.id == rule.absence_type_id)


def _feed(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(uow, Feed.id, ids, text=Feed.name, person_id=Feed.employee_id)
    return query.join(Employee, Employee.id == Feed.employee_id)


def _delegation(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    row = Delegation
    query = _row(uow, row.id, ids, person_id=row.employee_id, first=row.start_date, last=row.end_date)
    return query.join(Employee, Employee.id == row.employee_id)


def _roster(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(uow, Roster.id, ids, text=Team.name, first=Roster.start_date, opens=_sees_roster(uow))
    return query.join(Team, Team.id == Roster.team_id)


def _shift(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(
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
    return and_(_can(uow, Permission.ROSTER_VIEW), or_(edits, and_(views, Roster.version > 0)))


def _document(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return _row(uow, Document.id, ids, text=Document.title, opens=_keeps_documents(uow), target=Document.id)


def _document_version(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(
        uow,
        DocumentVersion.id,
        ids,
        text=Document.title,
        key=DocumentVersion.number.cast(Text),
        opens=_keeps_documents(uow),
        target=Document.id,
    )
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _distribution(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = _row(
        uow, Distribution.id, ids, text=Document.title, opens=_keeps_documents(uow), target=Document.id
    )
    query = query.join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _distribution_recipient(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner = DistributionRecipient.employee_id
    query = _row(uow, DistributionRecipient.id, ids, text=Document.title, person_id=owner)
    query = query.join(Employee, Employee.id == owner)
    query = query.join(Distribution, Distribution.id == DistributionRecipient.distribution_id)
    query = query.join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _keeps_documents(uow: UnitOfWork) -> Any:
    return _can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY)


def _shift_template(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return _row(uow, ShiftTemplate.id, ids, text=ShiftTemplate.name, opens=_can(uow, Permission.ROSTER_EDIT))


_ASKING: dict[str, Callable[[UnitOfWork, set[UUID]], Select[Any]]] = {
    "absence": _absence,
    "absence_type": lambda uow, ids: _row(
        uow,
        AbsenceType.id,
        ids,
        text=AbsenceType.name,
        key=AbsenceType.key,
        hours=AbsenceType.counting == CountingMethod.HOURS,
    ),
    "approval_rule": _approval_rule,
    "audit_feed_token": lambda uow, ids: _row(uow, AuditFeedToken.id, ids, text=AuditFeedToken.name),
    "custom_field": lambda uow, ids: _row(uow, CustomField.id, ids, text=CustomField.name),
    "custom_value": _custom_value,
    "absence_type_version": _absence_type_version,
    "agreed_entitlement": _agreed_entitlement,
    "delegation": _delegation,
    "distribution": _distribution,
    "distribution_recipient": _distribution_recipient,
    "document": _document,
    "document_version": _document_version,
    "domain_claim": lambda uow, ids: _row(uow, DomainClaim.id, ids, text=DomainClaim.domain),
    "employee": _employee,
    "employment": _employment,
    "entitlement_plan": _entitlement_plan,
    "feed": _feed,
    "identity_provider": lambda uow, ids: _row(uow, IdentityProvider.id, ids, text=IdentityProvider.name),
    "lapse_notice": _lapse_notice,
    "ledger_entry": _ledger_entry,
    "role": lambda uow, ids: _row(uow, Role.id, ids, text=Role.name, key=Role.key),
    "role_grant": _role_grant,
    "roster": _roster,
    "scim_group": lambda uow, ids: _row(uow, ScimGroup.id, ids, text=ScimGroup.display_name),
    "scim_token": lambda uow, ids: _row(uow, ScimToken.id, ids, text=ScimToken.name),
    "shift": _shift,
    "shift_template": _shift_template,
    "site": lambda uow, ids: _row(uow, Site.id, ids, text=Site.name),
    "company_incident": lambda uow, ids: _row(uow, CompanyIncident.id, ids, text=CompanyIncident.title),
    "processor_answer": lambda uow, ids: _row(
        uow, ProcessorAnswer.id, ids, text=ProcessorAnswer.processor_name
    ),
    "site_holiday": lambda uow, ids: _row(
        uow, SiteHoliday.id, ids, text=SiteHoliday.name, first=SiteHoliday.date
    ),
    "site_region": lambda uow, ids: _row(
        uow, SiteRegion.id, ids, text=SiteRegion.country, first=SiteRegion.valid_from
    ),
    "support_grant": lambda uow, ids: _row(uow, SupportGrant.id, ids, text=SupportGrant.reason),
    "year_end_run": _year_end_run,
    "team": lambda uow, ids: _row(uow, Team.id, ids, text=Team.name),
    "team_membership": _team_membership,
}
