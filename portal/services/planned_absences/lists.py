"""One's own plans as a page shows them, and those of people in a calendar, for whoever may see their absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.planned_absences import PlannedStatus
from portal.domain.planning_rounds import RoundStatus
from portal.models.absence import AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningChoice, PlanningRound
from portal.services import access, balances
from portal.services.balances import Balance, TypeFacts, type_facts
from portal.services.planned_absences import reckoning

_REFUSED = aliased(PlanningChoice)


@dataclass(frozen=True)
class PlannedLine:
    """A plan in the list of its owner."""

    id: UUID
    kind: TypeFacts
    status: PlannedStatus
    start_date: date
    end_date: date
    first_part: Part
    last_part: Part
    weight: int
    note: str
    #: What it would cost today.
    cost: int
    #: Some of the days are requested or approved already.
    taken: bool
    version: int
    #: Of a refused one the rule of staffing that spoke against it, and on which day.
    rule_name: str | None = None
    rule_date: date | None = None

    @property
    def open(self) -> bool:
        return self.status is PlannedStatus.PLANNED


@dataclass(frozen=True)
class YearPlanned:
    """A type and a year: what is left as things stand, and with all that is planned. None: nothing is granted yet."""

    kind: TypeFacts
    year: int
    planned: int
    left: int | None

    @property
    def after(self) -> int | None:
        return None if self.left is None else self.left - self.planned


@dataclass(frozen=True)
class OwnPlans:
    """What stands, the first day first, what a round has refused lately, and the sums."""

    lines: list[PlannedLine]
    years: list[YearPlanned]


def list_own(uow: UnitOfWork) -> OwnPlans:
    """Plans that are over are not shown any more."""
    me = uow.actor.employee_id
    if me is None:
        return OwnPlans([], [])
    taken = exists().where(
        AbsencePart.employee_id == PlannedAbsence.employee_id,
        AbsencePart.live,
        AbsencePart.date.between(PlannedAbsence.start_date, PlannedAbsence.end_date),
    )
    query = (
        select(PlannedAbsence, AbsenceType, taken, _REFUSED)
        .join(AbsenceType, AbsenceType.id == PlannedAbsence.absence_type_id)
        .outerjoin(_REFUSED, _refusing())
        .where(
            PlannedAbsence.employee_id == me,
            PlannedAbsence.status.in_([PlannedStatus.PLANNED, PlannedStatus.REFUSED]),
            PlannedAbsence.end_date >= uow.today(),
        )
        .order_by(PlannedAbsence.start_date)
    )
    rows = uow.session.execute(query).all()
    left = balances.balances_of(uow, me) if rows else []
    costs = reckoning.costs(uow, me, [(row, kind.counting) for row, kind, *_rest in rows])
    lines = [_line(row, kind, held, costs[row.id].total, choice) for row, kind, held, choice in rows]
    sums: dict[tuple[UUID, int], int] = {}
    kinds = {line.kind.id: line.kind for line in lines}
    for line in lines:
        for year, amount in costs[line.id].by_year().items() if line.open else ():
            sums[line.kind.id, year] = sums.get((line.kind.id, year), 0) + amount
    years = [
        YearPlanned(kinds[kind_id], year, amount, _left(left, kind_id, year))
        for (kind_id, year), amount in sorted(
            sums.items(), key=lambda one: (one[0][1], kinds[one[0][0]].name)
        )
    ]
    return OwnPlans(lines, years)


def seen_between(uow: UnitOfWork, first: date, last: date) -> ColumnElement[bool]:
    """The condition for a calendar: one's own plans, and those of people whose absences one may see."""
    may_see = or_(
        PlannedAbsence.employee_id == uow.actor.employee_id,
        access.employees_within(uow, Permission.ABSENCE_VIEW, PlannedAbsence.employee_id),
    )
    return and_(
        PlannedAbsence.status == PlannedStatus.PLANNED,
        PlannedAbsence.start_date <= last,
        PlannedAbsence.end_date >= first,
        may_see,
    )


def _refusing() -> ColumnElement[bool]:
    """What the published round says about a wish that it has refused."""
    published = select(PlanningRound.id).where(PlanningRound.status == RoundStatus.PUBLISHED)
    return and_(
        _REFUSED.planned_absence_id == PlannedAbsence.id,
        PlannedAbsence.status == PlannedStatus.REFUSED,
        not_(_REFUSED.granted),
        _REFUSED.round_id.in_(published),
    )


def _line(
    row: PlannedAbsence, kind: AbsenceType, taken: bool, cost: int, choice: PlanningChoice | None
) -> PlannedLine:
    return PlannedLine(
        row.id,
        type_facts(kind),
        row.status,
        row.start_date,
        row.end_date,
        row.parts[0].part,
        row.last_part,
        row.weight,
        row.note or "",
        cost,
        taken,
        row.version,
        choice.rule_name if choice else None,
        choice.rule_date if choice else None,
    )


def _left(held: Sequence[Balance], kind_id: UUID, year: int) -> int | None:
    """Of all that can be used in that year."""
    usable = [
        one.available
        for one in held
        if one.kind.id == kind_id and one.bucket.usable_from.year <= year <= one.bucket.usable_through.year
    ]
    return sum(usable) if usable else None
