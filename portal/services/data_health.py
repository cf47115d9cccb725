"""What in the data of time off does not fit together, worked out when somebody looks; nothing here writes.

Each finding is of a person whom the reader may correct, and says where it is put right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import EntryKind
from portal.domain.overtime import OvertimeStatus
from portal.domain.periods import DayPart
from portal.domain.permissions import Permission
from portal.domain.working_patterns import terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.ledger_entry import LedgerEntry
from portal.models.line_management import LineManagement
from portal.models.overtime_credit import OvertimeCredit
from portal.models.team import Team, TeamMembership
from portal.services import access, balances, law_packs, line_managers, type_rules
from portal.services.approvals import turns
from portal.services.approvals.subjects import ABSENCES, OVERTIME
from portal.services.holiday_book import book_of, keep_book
from portal.services.holiday_effects import regions_of_sites
from portal.services.holiday_rows import DECIDED
from portal.services.law_packs import BelowLaw
from portal.services.working_time import terms_of

#: So many are shown of one kind; who has more begins with these.
MOST_OF_A_KIND = 200


class Problem(StrEnum):
    """What can be wrong, the most pressing first."""

    BELOW_ZERO = "below-zero"
    NO_APPROVER = "no-approver"
    OVERTIME_WITHOUT_APPROVER = "overtime-without-approver"
    OUTSIDE_EMPLOYMENT = "outside-employment"
    NO_ENTITLEMENT = "no-entitlement"
    NOT_CHARGED = "not-charged"
    BELOW_LAW = "below-law"
    TEAM_WITHOUT_MANAGER = "team-without-manager"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: of a person, of a team, or of a type of absence at a site."""

    problem: Problem
    #: The person's, the team's, or the type's.
    id: UUID
    name: str
    #: The absence's, or the overtime's.
    request_id: UUID | None = None
    day: date | None = None
    #: In the unit that is counted.
    amount: int = 0
    type_name: str = ""
    type_key: str = ""
    counting: CountingMethod = CountingMethod.DAYS
    below: BelowLaw | None = None


@dataclass(frozen=True)
class Health:
    """All findings by kind, and the year that the entitlements were looked at."""

    year: int
    findings: dict[Problem, list[Finding]]

    @property
    def total(self) -> int:
        return sum(len(several) for several in self.findings.values())


def check(uow: UnitOfWork) -> Health:
    """Seven statements at most, however many people there are."""
    # It looks at everybody. Where PostgreSQL has no figures yet, as after an import, it takes a company for a handful
    # of people and would walk over all of them once for each of them.
    settled = select(func.set_config("enable_nestloop", "off", True), DECIDED)
    keep_book(uow, uow.session.execute(settled).one()[1])
    found: dict[Problem, list[Finding]] = {problem: [] for problem in Problem}
    granting = [type_id for type_id, _amount in _granting(uow)]
    for row in uow.session.execute(_everything(uow, granting)):
        found[Problem(row.problem)].append(Finding(Problem(row.problem), *tuple(row)[1:]))
    found[Problem.NOT_CHARGED] = list(_not_charged(uow))[:MOST_OF_A_KIND]
    found[Problem.BELOW_LAW] = [
        Finding(Problem.BELOW_LAW, one.kind.id, one.site, below=one)
        for one in law_packs.below_least(uow, _mine(uow))
    ]
    return Health(uow.today().year, {problem: several for problem, several in found.items() if several})


def _granting(uow: UnitOfWork) -> list[tuple[UUID, int]]:
    new_year = uow.today().replace(month=1, day=1)
    return type_rules.entitlements_on(uow, [new_year])[new_year]


def _everything(uow: UnitOfWork, granting: list[UUID]) -> Any:
    kinds = [
        _below_zero(uow),
        _no_approver(uow),
        _no_approver_of_overtime(uow),
        _outside_employment(uow),
        _team_without_manager(uow),
        *([_no_entitlement(uow, granting)] if granting else []),
    ]
    return union_all(*(select(one.limit(MOST_OF_A_KIND).subquery()) for one in kinds))


def _line(problem: Problem, **more: Any) -> list[Any]:
    """The columns of Finding, in their order."""
    return [
        literal(str(problem)).label("problem"),
        more.get("id", Employee.id).label("id"),
        more.get("name", Employee.first_name + " " + Employee.last_name).label("name"),
        more.get("request_id", cast(null(), Uuid)).label("request_id"),
        more.get("day", cast(null(), Date)).label("day"),
        more.get("amount", literal(0)).label("amount"),
        more.get("type_name", cast(literal(""), Text)).label("type_name"),
        more.get("type_key", cast(literal(""), Text)).label("type_key"),
        more.get("counting", cast(literal(str(CountingMethod.DAYS)), Text)).label("counting"),
    ]


def _mine(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(Employee.active, access.employees_within(uow, Permission.LEDGER_ADJUST, Employee.id))


def _below_zero(uow: UnitOfWork) -> Select[Any]:
    """A year's entitlement from which more was taken than it ever held."""
    held = cast(func.sum(LedgerEntry.amount), Integer)
    return (
        select(
            *_line(
                Problem.BELOW_ZERO,
                day=cast(func.make_date(LedgerEntry.origin_year, 1, 1), Date),
                amount=held,
                type_name=AbsenceType.name,
                type_key=AbsenceType.key,
                counting=cast(AbsenceType.counting, Text),
            )
        )
        .join(LedgerEntry, LedgerEntry.employee_id == Employee.id)
        .join(AbsenceType, AbsenceType.id == LedgerEntry.absence_type_id)
        # What is planned from what a plan will have given by then is no debt.
        .where(_mine(uow), or_(LedgerEntry.effective_date <= uow.today(), ~balances.earns_ahead()))
        .group_by(Employee.id, Employee.first_name, Employee.last_name)
        .group_by(
            AbsenceType.id, AbsenceType.name, AbsenceType.key, AbsenceType.overdraft, AbsenceType.counting
        )
        .group_by(LedgerEntry.origin_year)
        .having(held < -AbsenceType.overdraft)
        .order_by(held)
    )


def _no_approver(uow: UnitOfWork) -> Select[Any]:
    """A request whose turn is nobody's who works here: the approvers of its step have left, or there is no manager."""
    waits = Absence.status == AbsenceStatus.REQUESTED
    found = select(*_line(Problem.NO_APPROVER, request_id=Absence.id, day=Absence.start_date))
    found = found.join(Absence, Absence.employee_id == Employee.id)
    return found.where(_mine(uow), waits, turns.nobodys_turn(uow, ABSENCES)).order_by(Absence.start_date)


def _no_approver_of_overtime(uow: UnitOfWork) -> Select[Any]:
    row = OvertimeCredit
    found = select(*_line(Problem.OVERTIME_WITHOUT_APPROVER, request_id=row.id, day=row.worked_on))
    found = found.join(row, row.employee_id == Employee.id)
    waits = row.status == OvertimeStatus.PROPOSED
    return found.where(_mine(uow), waits, turns.nobodys_turn(uow, OVERTIME)).order_by(row.worked_on)


def _outside_employment(uow: UnitOfWork) -> Select[Any]:
    """Requested or approved time on days without a contract."""
    first = func.min(AbsencePart.date)
    employed = exists().where(
        Employment.employee_id == AbsencePart.employee_id,
        Employment.start_date <= AbsencePart.date,
        or_(Employment.end_date.is_(None), Employment.end_date >= AbsencePart.date),
    )
    return (
        select(*_line(Problem.OUTSIDE_EMPLOYMENT, request_id=AbsencePart.absence_id, day=first))
        .join(AbsencePart, AbsencePart.employee_id == Employee.id)
        .where(_mine(uow), AbsencePart.live, ~employed)
        .group_by(Employee.id, Employee.first_name, Employee.last_name, AbsencePart.absence_id)
        .order_by(first)
    )


def _no_entitlement(uow: UnitOfWork, granting: list[UUID]) -> Select[Any]:
    """Somebody who is employed today and was granted nothing for this year."""
    today = uow.today()
    employed = exists().where(
        Employment.employee_id == Employee.id,
        Employment.start_date <= today,
        or_(Employment.end_date.is_(None), Employment.end_date >= today),
    )
    granted = exists().where(
        LedgerEntry.employee_id == Employee.id,
        LedgerEntry.absence_type_id == AbsenceType.id,
        LedgerEntry.origin_year == today.year,
        LedgerEntry.kind.in_((EntryKind.GRANT, EntryKind.ACCRUE)),
    )
    return (
        select(*_line(Problem.NO_ENTITLEMENT, type_name=AbsenceType.name, type_key=AbsenceType.key))
        .join(AbsenceType, AbsenceType.id.in_(granting))
        .where(_mine(uow), employed, ~granted)
        .order_by(Employee.last_name, Employee.first_name)
    )


def _team_without_manager(uow: UnitOfWork) -> Select[Any]:
    """A team in which nobody has a line manager who is here."""
    today = uow.today()
    manager, person, link = aliased(Employee), aliased(Employee), aliased(LineManagement)
    members = (
        select(TeamMembership.team_id)
        .join(person, and_(person.id == TeamMembership.employee_id, person.active))
        .outerjoin(link, line_managers.leads(link, person.id, today))
        .outerjoin(manager, and_(manager.id == link.manager_id, manager.active))
        .where(
            TeamMembership.start_date <= today,
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today),
        )
        .group_by(TeamMembership.team_id)
        .having(func.count(manager.id) == 0)
    )
    return (
        select(*_line(Problem.TEAM_WITHOUT_MANAGER, id=Team.id, name=Team.name))
        .where(Team.id.in_(members), access.teams_within(uow, Permission.LEDGER_ADJUST, Team.id))
        .order_by(Team.name)
    )


def _not_charged(uow: UnitOfWork) -> Iterator[Finding]:
    """Days to come that cost nothing when they were asked for, and are working days by now: a holiday went away."""
    query = (
        select(AbsencePart, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == AbsencePart.employee_id)
        .where(AbsencePart.live, AbsencePart.charge == 0, AbsencePart.date >= uow.today(), _mine(uow))
        .order_by(AbsencePart.during)
    )
    found = uow.session.execute(query).all()
    if not found:
        return
    days = [part.date for part, _first, _last in found]
    terms = terms_of(uow, {part.employee_id for part, _first, _last in found}, (min(days), max(days)))
    regions, book = regions_of_sites(uow), book_of(uow)
    told = set()
    for part, first_name, last_name in found:
        at = terms_on(terms[part.employee_id], part.date)
        if at is None or part.absence_id in told:
            continue
        asked = DayPart(part.date, part.part, part.starts_minute, part.ends_minute)
        free = book.free(regions[at.site_id], part.date, part.employee_id)
        worth = at.price(asked, free, CountingMethod.DAYS)
        if worth:
            told.add(part.absence_id)
            name = f"{first_name} {last_name}"
            yield Finding(Problem.NOT_CHARGED, part.employee_id, name, part.absence_id, part.date, worth)
