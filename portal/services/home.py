"""What somebody needs to know first: the next shift and absence, what is left, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus
from portal.domain.overtime import OvertimeStatus
from portal.domain.permissions import Permission
from portal.domain.substitutes import SubstituteAnswer
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.distribution import Confirmation, DistributionRecipient
from portal.models.overtime_credit import OvertimeCredit
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.models.year_end import LapseNotice
from portal.services import absence_cancellations, absence_sight, access, away, balances, first_steps
from portal.services.approvals import turns
from portal.services.approvals.subjects import OVERTIME
from portal.services.first_steps import FirstSteps
from portal.services.substitutes import answering
from portal.services.substitutes.answering import NextCover

_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class NextAbsence:
    """The absence that is running or comes next."""

    type_key: str
    type_name: str
    start_date: date
    end_date: date
    status: AbsenceStatus


@dataclass(frozen=True)
class NextShift:
    """The published shift that is running or comes next."""

    name: str
    date: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class LapseLetter:
    """A letter about days that lapse, which the person has not said to have read."""

    id: UUID
    usable_through: date


@dataclass(frozen=True)
class Overview:
    """The home page. None: not for this person, or there is none."""

    absence: NextAbsence | None
    shift: NextShift | None
    #: Thousandths of a day of vacation left to ask for.
    vacation_left: int | None
    to_confirm: int
    to_decide: int
    #: Overtime that waits for the actor.
    hours_to_decide: int
    #: The most urgent of those that nobody has confirmed.
    lapse_letter: LapseLetter | None
    #: Team mates who are away within a week; None: the calendar is not for this person.
    away: list[away.MateAway] | None
    #: Reports of sickness that wait for the actor.
    to_accept: int
    #: The company has a type of sickness.
    can_report: bool
    #: For whom the actor covers from today on, the next first.
    covering: list[NextCover]
    #: What a new company has yet to set up; None: nothing, or it is not the actor's to do.
    first_steps: FirstSteps | None

    @property
    def to_answer(self) -> int:
        return sum(one.answer is SubstituteAnswer.OPEN for one in self.covering)

    @property
    def next_cover(self) -> NextCover | None:
        return next((one for one in self.covering if one.answer is SubstituteAnswer.CAN), None)


def overview(uow: UnitOfWork) -> Overview:
    """Of the actor, in five statements however large the company."""
    sees_mates = uow.actor.employee_id is not None and access.can(uow, Permission.CALENDAR_VIEW)
    mates = away.team_mates_away(uow, uow.today() + _WEEK) if sees_mates else null()
    counts = _to_confirm(uow), _to_decide(uow), _hours_to_decide(uow), _to_accept(uow)
    rest = absence_sight.any_sickness(), mates, answering.ahead(uow), _lapse_letter(uow)
    row = uow.session.execute(select(*counts, *rest, first_steps.column(uow))).one()
    to_confirm, to_decide, hours_to_decide, to_accept, can_report, found, covers, letter, steps = row
    return Overview(
        absence=_next_absence(uow) if access.can(uow, Permission.ABSENCE_VIEW) else None,
        shift=_next_shift(uow) if access.can(uow, Permission.ROSTER_VIEW) else None,
        vacation_left=_vacation_left(uow) if access.can(uow, Permission.LEDGER_VIEW) else None,
        to_confirm=to_confirm,
        to_decide=to_decide,
        hours_to_decide=hours_to_decide,
        lapse_letter=LapseLetter(UUID(letter[0]), date.fromisoformat(letter[1])) if letter else None,
        away=away.read_mates(found) if sees_mates else None,
        to_accept=to_accept,
        can_report=can_report,
        covering=answering.read_ahead(covers),
        first_steps=first_steps.read(steps),
    )


def _next_absence(uow: UnitOfWork) -> NextAbsence | None:
    row = uow.session.execute(
        select(AbsenceType.key, AbsenceType.name, Absence.start_date, Absence.end_date, Absence.status)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            Absence.employee_id == uow.actor.employee_id,
            Absence.status.in_(ACTIVE),
            Absence.end_date >= uow.today(),
        )
        .order_by(Absence.start_date)
        .limit(1)
    ).one_or_none()
    return None if row is None else NextAbsence(row[0], row[1], row[2], row[3], row[4])


def _next_shift(uow: UnitOfWork) -> NextShift | None:
    ends = func.upper(PublishedShift.during)
    row = uow.session.execute(
        select(ShiftTemplate.name, PublishedShift.date, func.lower(PublishedShift.during), ends)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .where(PublishedShift.employee_id == uow.actor.employee_id, ends > uow.clock.now())
        .order_by(PublishedShift.date)
        .limit(1)
    ).one_or_none()
    return None if row is None else NextShift(row[0], row[1], row[2], row[3])


def _vacation_left(uow: UnitOfWork) -> int | None:
    if uow.actor.employee_id is None:
        return None
    today = uow.today()
    usable = [
        one.available
        for one in balances.balances_of(uow, uow.actor.employee_id)
        if one.kind.key == "vacation" and one.bucket.usable_on(today)
    ]
    return sum(usable) if usable else None


def _to_confirm(uow: UnitOfWork) -> ColumnElement[int]:
    if not access.can(uow, Permission.DOCUMENT_CONFIRM):
        return literal(0)
    confirmed = aliased(Confirmation)
    waiting = select(func.count(DistributionRecipient.id)).where(
        DistributionRecipient.employee_id == uow.actor.employee_id,
        ~select(confirmed.id).where(confirmed.distribution_recipient_id == DistributionRecipient.id).exists(),
    )
    return _count(waiting)


def _to_decide(uow: UnitOfWork) -> ColumnElement[int]:
    waiting = select(func.count(Absence.id)).where(
        or_(Absence.status == AbsenceStatus.REQUESTED, absence_cancellations.WAITS),
        Absence.employee_id != uow.actor.employee_id,
        turns.own_turn(uow),
    )
    return _count(waiting)


def _hours_to_decide(uow: UnitOfWork) -> ColumnElement[int]:
    if uow.actor.employee_id is None:
        return literal(0)
    waiting = select(func.count(OvertimeCredit.id)).where(
        OvertimeCredit.status == OvertimeStatus.PROPOSED,
        OvertimeCredit.employee_id != uow.actor.employee_id,
        turns.own_turn(uow, OVERTIME),
    )
    return _count(waiting)


def _lapse_letter(uow: UnitOfWork) -> ColumnElement[Any]:
    """Its id and the last day on which the days can be used."""
    if uow.actor.employee_id is None:
        return null()
    return (
        select(func.json_build_array(LapseNotice.id, LapseNotice.usable_through))
        .where(
            LapseNotice.employee_id == uow.actor.employee_id,
            LapseNotice.read_at.is_(None),
            LapseNotice.usable_through >= uow.today(),
        )
        .order_by(LapseNotice.usable_through, LapseNotice.id)
        .limit(1)
        .scalar_subquery()
    )


def _to_accept(uow: UnitOfWork) -> ColumnElement[int]:
    if not access.can(uow, Permission.SICKNESS_MANAGE):
        return literal(0)
    waiting = select(func.count(Absence.id)).where(
        Absence.sick,
        Absence.employee_id != uow.actor.employee_id,
        absence_sight.waits_for_acceptance(),
        access.employees_within(uow, Permission.SICKNESS_MANAGE, Absence.employee_id),
    )
    return _count(waiting)


def _count(query: Select[int]) -> ColumnElement[int]:
    return func.coalesce(query.scalar_subquery(), 0)
