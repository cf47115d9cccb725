"""Handing over one's decisions for a time: making a delegation, taking it back, and who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Text, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.cover_by_deputies import Spell, gaps
from portal.domain.delegations import LONGEST_REASON, check_delegation
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.delegation import Delegation
from portal.models.employee import Employee
from portal.models.team import Team
from portal.services import access, audit
from portal.services.absence_letters import VACATION
from portal.services.approvals import delegation_letters
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import by_name

_MOST_SUGGESTIONS = 200
#: So many times off are looked at, and so many stretches of days offered.
_MOST_TIMES_OFF, _MOST_OFFERED = 20, 3


@dataclass(frozen=True)
class NewDelegation:
    """Who takes over, found by their work e-mail, when, and of which type of absence (None: of all)."""

    deputy_email: str
    start_date: date
    end_date: date
    absence_type_id: UUID | None = None
    reason: str = ""
    #: Only for people of a team, and only for requests of at most so many days.
    team_id: UUID | None = None
    most_days: int | None = None


@dataclass(frozen=True)
class DelegationLine:
    """A delegation that is not over, as its giver and its deputy see it."""

    id: UUID
    giver: str
    deputy: str
    start_date: date
    end_date: date
    kind: TypeFacts | None
    reason: str | None
    running: bool
    team: str | None = None
    most_days: int | None = None
    #: Whoever has left decides nothing any more.
    deputy_works_here: bool = True

    @property
    def limited(self) -> bool:
        """It does not hold for all that may come."""
        return self.kind is not None or self.team is not None or self.most_days is not None


@dataclass(frozen=True)
class Handing:
    """The delegations of one person: given and received, and time off for which somebody is still to be found."""

    employee_id: UUID
    name: str
    own: bool
    given: list[DelegationLine]
    received: list[DelegationLine]
    uncovered: list[Uncovered]


@dataclass(frozen=True)
class Uncovered:
    """Days of approved time off on which nobody decides, or only those deputies for some of it."""

    start_date: date
    end_date: date
    partly: list[DelegationLine]


def show(uow: UnitOfWork, employee_id: UUID) -> Handing:
    """For oneself, or for somebody whom the right to delegate for others reaches."""
    employee = _giver(uow, employee_id)
    given, received = _lines(uow, employee.id)
    own = employee.id == uow.actor.employee_id
    return Handing(employee.id, employee.name, own, given, received, _uncovered(uow, employee.id, given))


def make(uow: UnitOfWork, employee_id: UUID, new: NewDelegation) -> Delegation:
    """Somebody else may decide what this person may, on these days. The deputy is told."""
    giver = _giver(uow, employee_id)
    deputy = _deputy(uow, new.deputy_email)
    check_delegation(
        giver_id=giver.id,
        deputy_id=deputy.id,
        start_date=new.start_date,
        end_date=new.end_date,
        today=uow.today(),
        most_days=new.most_days,
    )
    if len(new.reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    kind, team = _kind(uow, new.absence_type_id), _team(uow, new.team_id)
    row = Delegation(
        id=uuid4(),
        employee_id=giver.id,
        deputy_id=deputy.id,
        start_date=new.start_date,
        end_date=new.end_date,
        absence_type_id=kind.id if kind else None,
        team_id=team.id if team else None,
        most_days=new.most_days,
        reason=new.reason.strip() or None,
        author_id=uow.actor.employee_id,
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.DELEGATION_MADE, subject=row)
    delegation_letters.tell_deputy(uow, row, giver, deputy, kind, team)
    return row


def end(uow: UnitOfWork, delegation_id: UUID) -> Delegation:
    """Taken back by its giver, given back by the deputy, or ended by who may do it for others. Twice is once."""
    me = uow.actor.employee_id
    allowed = or_(
        Delegation.employee_id == me,
        Delegation.deputy_id == me,
        access.employees_within(uow, Permission.DELEGATION_MANAGE, Delegation.employee_id),
    )
    query = select(Delegation).where(Delegation.id == delegation_id, allowed)
    row = access.one_or_refuse(uow, query.with_for_update(key_share=True))
    if row.ended_at is None:
        row.ended_at = uow.clock.now()
        audit.record(uow, audit.Action.DELEGATION_ENDED, subject=row)
    return row


def suggestions(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Colleagues as (e-mail, name), for whoever may see the directory; anybody's address can be typed."""
    if not access.can(uow, Permission.DIRECTORY_VIEW):
        return []
    rows = uow.session.execute(
        select(Employee.email, Employee.first_name, Employee.last_name)
        .where(Employee.active, Employee.id != uow.actor.employee_id)
        .order_by(*by_name(uow))
        .limit(_MOST_SUGGESTIONS)
    )
    return [(row.email, f"{row.first_name} {row.last_name}") for row in rows]


def _giver(uow: UnitOfWork, employee_id: UUID) -> Employee:
    within = access.employees_within(uow, Permission.DELEGATION_MANAGE, Employee.id)
    allowed = or_(Employee.id == uow.actor.employee_id, within)
    return access.one_or_refuse(
        uow, select(Employee).where(Employee.id == employee_id, Employee.active, allowed)
    )


def _deputy(uow: UnitOfWork, email: str) -> Employee:
    query = select(Employee).where(Employee.email == email.strip().lower(), Employee.active)
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="deputy")
    return found


def _kind(uow: UnitOfWork, absence_type_id: UUID | None) -> AbsenceType | None:
    if absence_type_id is None:
        return None
    return access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == absence_type_id))


def scopes(uow: UnitOfWork) -> tuple[list[TypeFacts], list[tuple[UUID, str]]]:
    """The types and the teams to which a delegation can be limited; one statement."""
    none = cast(null(), Text)
    named = (AbsenceType.name, AbsenceType.key, AbsenceType.code, AbsenceType.colour)
    query = union_all(
        select(literal("team"), Team.id, Team.name, none, none, none),
        select(literal("type"), AbsenceType.id, *named).where(AbsenceType.offered_on(uow.today())),
    )
    types, teams = [], []
    for what, row_id, name, key, code, colour in uow.session.execute(query):
        if what == "team":
            teams.append((row_id, name))
        else:
            types.append(TypeFacts(row_id, key, name, code, colour))
    types.sort(key=lambda one: (one.key != VACATION, one.name))
    return types, sorted(teams, key=lambda one: one[1].casefold())


def _team(uow: UnitOfWork, team_id: UUID | None) -> Team | None:
    return access.one_or_refuse(uow, select(Team).where(Team.id == team_id)) if team_id is not None else None


def _lines(uow: UnitOfWork, employee_id: UUID) -> tuple[list[DelegationLine], list[DelegationLine]]:
    """What this person has handed over and what was handed to them, until it is over."""
    giver, deputy = aliased(Employee), aliased(Employee)
    today = uow.today()
    query = (
        select(Delegation, giver, deputy, AbsenceType, Team.name)
        .join(giver, giver.id == Delegation.employee_id)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .outerjoin(AbsenceType, AbsenceType.id == Delegation.absence_type_id)
        .outerjoin(Team, Team.id == Delegation.team_id)
        .where(
            or_(Delegation.employee_id == employee_id, Delegation.deputy_id == employee_id),
            Delegation.ended_at.is_(None),
            Delegation.end_date >= today,
        )
        .order_by(Delegation.start_date, Delegation.created_at)
    )
    given: list[DelegationLine] = []
    received: list[DelegationLine] = []
    for row, by, to, found, team in uow.session.execute(query):
        kind: AbsenceType | None = found
        line = DelegationLine(
            id=row.id,
            giver=by.name,
            deputy=to.name,
            start_date=row.start_date,
            end_date=row.end_date,
            kind=type_facts(kind) if kind is not None else None,
            reason=row.reason,
            running=row.start_date <= today,
            team=team,
            most_days=row.most_days,
            deputy_works_here=to.active,
        )
        (given if row.employee_id == employee_id else received).append(line)
    return given, received


def _uncovered(uow: UnitOfWork, employee_id: UUID, given: list[DelegationLine]) -> list[Uncovered]:
    """What remains of the next approved times off of somebody who decides."""
    if not access.can(uow, Permission.ABSENCE_APPROVE):
        return []
    today = uow.today()
    query = (
        select(Absence.start_date, Absence.end_date)
        .where(
            Absence.employee_id == employee_id,
            Absence.status == AbsenceStatus.APPROVED,
            Absence.end_date >= today,
        )
        .order_by(Absence.start_date)
        .limit(_MOST_TIMES_OFF)
    )
    deputies = [one for one in given if one.deputy_works_here]
    spells = [Spell(one.start_date, one.end_date, limited=one.limited) for one in deputies]
    found = [
        Uncovered(gap.start_date, gap.end_date, [deputies[place] for place in gap.partly])
        for start, end_date in uow.session.execute(query)
        for gap in gaps(max(start, today), end_date, spells)
    ]
    return found[:_MOST_OFFERED]
