"""Who of a team is away when: names and dates only, never the type of an absence or its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Select,
    Subquery,
    TableValuedAlias,
    Uuid,
    and_,
    column,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.employee import Employee
from portal.models.team import TeamMembership
from portal.services import access
from portal.services.name_order import by_name

#: So many are named; of a large team nobody reads them all.
NAMED = 5
_ONE_DAY = timedelta(days=1)
# Made once: building an alias costs more than running many a query.
_OTHER = aliased(Absence)
_OWN, _THEIRS = aliased(TeamMembership), aliased(TeamMembership)


@dataclass(frozen=True)
class AwayColleague:
    """Somebody who is or would like to be away."""

    name: str
    #: Approved, and not only asked for.
    certain: bool


@dataclass(frozen=True)
class AwayBeside:
    """Who is away at the same time as somebody: the first few by name, and how many more there are."""

    named: list[AwayColleague] = field(default_factory=list)
    more: int = 0


@dataclass
class TeamAway:
    """Who of one person's teams is away, by date."""

    team_size: int = 0
    by_date: dict[date, list[AwayColleague]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[AwayColleague, ...]:
        return tuple(self.by_date.get(day, ()))


@dataclass(frozen=True)
class MateAway:
    """A team mate's approved absence."""

    name: str
    start_date: date
    end_date: date


def team_mates_away(uow: UnitOfWork, until: date) -> ColumnElement[Any]:
    """A column: the actor's team mates who are away between today and `until`, who is away first comes first.

    A column, because whoever asks it has a statement already. `read_mates` makes people of it.
    """
    mates = (
        select(Employee.id, Employee.first_name, Employee.last_name, Absence.start_date, Absence.end_date)
        .join(Absence, Absence.employee_id == Employee.id)
        .where(
            Absence.status == AbsenceStatus.APPROVED,
            Absence.start_date <= until,
            Absence.end_date >= uow.today(),
            Employee.active,
            Employee.id.in_(_mates(uow, uow.actor.employee_id)),
            Employee.id != uow.actor.employee_id,
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
        )
        .order_by(Absence.start_date, *by_name(uow))
        .subquery()
    )
    return select(func.json_agg(func.json_build_array(*mates.c))).scalar_subquery()


def read_mates(found: Sequence[Sequence[str]] | None) -> list[MateAway]:
    """What `team_mates_away` has found, days in a row once: who is ill during a vacation is away once."""
    joined: dict[str, list[MateAway]] = {}
    for person_id, first_name, last_name, start, end in found or ():
        mate = MateAway(f"{first_name} {last_name}", date.fromisoformat(start), date.fromisoformat(end))
        earlier = joined.setdefault(person_id, [])
        if earlier and mate.start_date <= earlier[-1].end_date + _ONE_DAY:
            last = earlier[-1]
            earlier[-1] = MateAway(last.name, last.start_date, max(last.end_date, mate.end_date))
        else:
            earlier.append(mate)
    mates = [mate for several in joined.values() for mate in several]
    return sorted(mates, key=lambda mate: mate.start_date)


def mates_beside(uow: UnitOfWork, employee_id: UUID, start_date: date, end_date: date) -> ColumnElement[Any]:
    """A column: the person's team mates, as far as the actor's calendar reaches, and their absences in the stretch.

    `read_mates_beside` makes people of it.
    """
    mates = _mates(uow, employee_id)
    found = (
        select(Employee.id, Employee.first_name, Employee.last_name, AbsencePart.date, Absence.status)
        .select_from(Employee)
        .outerjoin(
            AbsencePart,
            and_(
                AbsencePart.employee_id == Employee.id,
                AbsencePart.live,
                AbsencePart.date.between(start_date, end_date),
            ),
        )
        .outerjoin(Absence, Absence.id == AbsencePart.absence_id)
        .where(
            Employee.active,
            Employee.id.in_(mates),
            Employee.id != employee_id,
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
        )
        .order_by(*by_name(uow))
        .subquery()
    )
    return select(func.json_agg(func.json_build_array(*found.c))).scalar_subquery()


def read_mates_beside(rows: Sequence[Sequence[str]] | None) -> TeamAway:
    """What `mates_beside` has found."""
    found = TeamAway()
    people: set[str] = set()
    for mate_id, first_name, last_name, day, status in rows or ():
        people.add(mate_id)
        if day is not None:
            certain = AbsenceStatus(status) is AbsenceStatus.APPROVED
            colleague = AwayColleague(f"{first_name} {last_name}", certain)
            names = found.by_date.setdefault(date.fromisoformat(day), [])
            if colleague not in names:
                names.append(colleague)
    found.team_size = len(people)
    return found


def away_beside(uow: UnitOfWork, absences: Iterable[Absence]) -> dict[UUID, AwayBeside]:
    """For each of these absences, the team mates of its owner who are away on any of its days; one query."""
    ranked = _ranked_beside(uow, absences)
    query = select(ranked).where(ranked.c.place <= NAMED).order_by(ranked.c.asked_id, ranked.c.place)
    found: dict[UUID, AwayBeside] = {}
    for row in uow.session.execute(query):
        beside = found.setdefault(row.asked_id, AwayBeside(more=max(0, row.total - NAMED)))
        beside.named.append(AwayColleague(f"{row.first_name} {row.last_name}", row.certain))
    return found


def _ranked_beside(uow: UnitOfWork, absences: Iterable[Absence]) -> Subquery:
    """Who is away beside which absence, numbered by name: of a large team only the first few are read."""
    asked, other = _team_mates_of(absences), _OTHER
    return (
        select(
            asked.c.asked_id,
            Employee.first_name,
            Employee.last_name,
            func.bool_or(other.status == AbsenceStatus.APPROVED).label("certain"),
            func.row_number().over(partition_by=asked.c.asked_id, order_by=by_name(uow)).label("place"),
            func.count().over(partition_by=asked.c.asked_id).label("total"),
        )
        .select_from(asked)
        .join(
            other,
            and_(
                other.employee_id == asked.c.mate_id,
                other.status.in_(ACTIVE),
                other.start_date <= asked.c.end_date,
                other.end_date >= asked.c.start_date,
            ),
        )
        .join(Employee, Employee.id == other.employee_id)
        .where(access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id))
        .group_by(asked.c.asked_id, Employee.id, Employee.first_name, Employee.last_name)
        .subquery("beside")
    )


def _team_mates_of(absences: Iterable[Absence]) -> CTE:
    """The absences asked about, each with everybody who is in a team of its owner on its first day.

    Step by step, and from values that are at hand: of a company that has just been imported PostgreSQL knows no
    figures yet, and began with everybody's memberships and absences; 1,000 people took minutes.
    """
    own, theirs = _OWN, _THEIRS
    asked = _values_of(absences)
    teams = (
        select(asked, own.team_id)
        .join(own, and_(own.employee_id == asked.c.owner_id, _lasts(own, asked.c.start_date)))
        .cte("teams")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(teams.c.asked_id, teams.c.start_date, teams.c.end_date, theirs.employee_id.label("mate_id"))
        .join(theirs, and_(theirs.team_id == teams.c.team_id, _lasts(theirs, teams.c.start_date)))
        .where(theirs.employee_id != teams.c.owner_id)
        .distinct()
        .cte("mates")
        .prefix_with("MATERIALIZED")
    )


def _values_of(absences: Iterable[Absence]) -> TableValuedAlias:
    rows = list(absences)
    values = func.unnest(
        literal([one.id for one in rows], ARRAY(Uuid)),
        literal([one.employee_id for one in rows], ARRAY(Uuid)),
        literal([one.start_date for one in rows], ARRAY(Date)),
        literal([one.end_date for one in rows], ARRAY(Date)),
    )
    columns = (
        column("asked_id", Uuid),
        column("owner_id", Uuid),
        column("start_date", Date),
        column("end_date", Date),
    )
    return values.table_valued(*columns).render_derived(name="asked")


def _mates(uow: UnitOfWork, employee_id: UUID | None) -> Select[UUID]:
    today = uow.today()
    teams = select(_OWN.team_id).where(_OWN.employee_id == employee_id, _lasts(_OWN, today))
    return select(_THEIRS.employee_id).where(_THEIRS.team_id.in_(teams), _lasts(_THEIRS, today))


def _lasts(membership: type[TeamMembership], day: date | ColumnElement[date]) -> ColumnElement[bool]:
    return and_(membership.start_date <= day, or_(membership.end_date.is_(None), membership.end_date >= day))
