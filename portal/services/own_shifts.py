"""The published shifts of the person who looks: a month of them, and the one that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.models.team import Team

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OwnShift:
    """One shift; the web writes its moments on the person's own clock."""

    date: date
    code: str
    name: str
    colour: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    paid_minutes: int
    team: str


@dataclass(frozen=True)
class OwnMonth:
    """A month, and the next shift whatever the month."""

    shifts: list[OwnShift]
    next: OwnShift | None

    @property
    def paid_minutes(self) -> int:
        return sum(shift.paid_minutes for shift in self.shifts)


def own_month(uow: UnitOfWork, month: Month) -> OwnMonth:
    """Two queries."""
    mine = (
        select(PublishedShift, ShiftTemplate, Team.name)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .join(Roster, Roster.id == PublishedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .where(PublishedShift.employee_id == uow.actor.employee_id)
        .order_by(PublishedShift.date, func.lower(PublishedShift.during))
    )
    in_month = mine.where(PublishedShift.date.between(month.first_day, month.last_day))
    # A shift of yesterday may still run; the date lets the index find the first that does.
    to_come = mine.where(
        PublishedShift.date >= uow.today() - _A_DAY, func.upper(PublishedShift.during) > uow.clock.now()
    )
    following = uow.session.execute(to_come.limit(1)).one_or_none()
    return OwnMonth(
        shifts=[_own(*row) for row in uow.session.execute(in_month)],
        next=_own(*following) if following else None,
    )


def _own(shift: PublishedShift, template: ShiftTemplate, team: str) -> OwnShift:
    starts_at, ends_at = shift.during.lower, shift.during.upper
    assert starts_at is not None and ends_at is not None  # noqa: S101  # a shift begins and ends
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    return OwnShift(
        date=shift.date,
        code=template.code,
        name=template.name,
        colour=template.colour,
        starts_at=starts_at,
        ends_at=ends_at,
        break_minutes=minutes - shift.paid_minutes,
        paid_minutes=shift.paid_minutes,
        team=team,
    )
