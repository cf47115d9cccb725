"""What keeps a shift from being planned: not of the team, away, or already at work at that time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.shift_times import ShiftMoments
from portal.models.absence import Absence, AbsencePart
from portal.models.employee import Employee, Employment
from portal.models.released_shift import ReleasedShift
from portal.models.roster import Roster
from portal.models.shift import Shift, ShiftTemplate
from portal.models.team import Site, Team, TeamMembership
from portal.services.rosters import RosterFacts

EXCLUSION_VIOLATED = "23P01"


def check_member(uow: UnitOfWork, facts: RosterFacts, employee_id: UUID, day: date) -> None:
    """Only who belongs to the team on that date is planned in its roster."""
    member = (
        select(TeamMembership.id)
        .where(
            TeamMembership.team_id == facts.team_id,
            TeamMembership.employee_id == Employee.id,
            TeamMembership.start_date <= day,
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= day),
        )
        .exists()
    )
    query = select(Employee, member).where(Employee.id == employee_id)
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    employee, belongs = found
    if not belongs or not employee.active:
        raise Refusal(Reason.SHIFT_OUTSIDE_TEAM, field="employee_id", name=employee.name, date=day)


def refuse_absence(uow: UnitOfWork, employee_id: UUID, day: date) -> None:
    """Nobody is planned on a day that they have been given off as a whole.

    But whoever works by the roster: what is planned for them is what the day costs, and falls open with the publishing.
    """
    if _by_roster(uow, employee_id, day):
        return
    query = (
        select(Employee)
        .join(AbsencePart, AbsencePart.employee_id == Employee.id)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .where(
            Employee.id == employee_id,
            AbsencePart.date == day,
            AbsencePart.part == Part.FULL,
            AbsencePart.live,
            Absence.status == AbsenceStatus.APPROVED,
        )
    )
    away = uow.session.scalars(query.limit(1)).one_or_none()
    if away is not None:
        raise Refusal(Reason.SHIFT_ON_ABSENCE, field="date", name=away.name, date=day)


def _by_roster(uow: UnitOfWork, employee_id: UUID, day: date) -> bool:
    """And no shift of that day has fallen open already."""
    terms = select(Employment.id).where(
        Employment.employee_id == employee_id,
        Employment.by_roster,
        Employment.start_date <= day,
        or_(Employment.end_date.is_(None), Employment.end_date >= day),
    )
    open_one = select(ReleasedShift.id).where(
        ReleasedShift.employee_id == employee_id,
        ReleasedShift.date == day,
        ReleasedShift.settled_at.is_(None),
    )
    return bool(uow.session.scalar(select(terms.exists() & ~open_one.exists())))


def refuse_overlap(
    uow: UnitOfWork, employee_id: UUID, moments: ShiftMoments, *, but: UUID | None = None
) -> None:
    """Names the shift in the way, of whichever team (T154)."""
    near = timedelta(days=2)
    query = (
        select(Shift, ShiftTemplate.code, Team.name, Site.time_zone, Employee)
        .join(ShiftTemplate, ShiftTemplate.id == Shift.shift_template_id)
        .join(Roster, Roster.id == Shift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .join(Employee, Employee.id == Shift.employee_id)
        .where(
            Shift.employee_id == employee_id,
            # The dates let an index find the few rows that the ranges are compared of.
            Shift.date.between(moments.start_at.date() - near, moments.end_at.date() + near),
            Shift.during.overlaps(as_range(moments)),
            Shift.id != but if but else true(),
        )
        .order_by(Shift.during)
        .limit(1)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        return
    shift, code, team, time_zone, employee = found
    zone = ZoneInfo(time_zone or uow.company.time_zone)
    raise Refusal(
        Reason.SHIFT_OVERLAPS,
        field="date",
        name=employee.name,
        code=code,
        date=shift.date,
        times=local_times(as_moments(shift.during), zone),
        team=team,
    )


@contextmanager
def constraint_speaks(uow: UnitOfWork, day: date) -> Iterator[None]:
    """Turns the database's no to an overlap into ours; what was tried is undone."""
    try:
        with uow.session.begin_nested():
            yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATED:
            raise
        raise Refusal(Reason.SHIFT_OVERLAPS, field="date", date=day) from None


def local_times(during: tuple[datetime, datetime], zone: ZoneInfo) -> str:
    """06:00–14:30 by the clock of the zone."""
    return "–".join(f"{moment.astimezone(zone):%H:%M}" for moment in during)


def as_range(moments: ShiftMoments) -> Range[datetime]:
    return Range(moments.start_at, moments.end_at, bounds="[)")


def as_moments(during: Range[datetime]) -> tuple[datetime, datetime]:
    assert during.lower is not None and during.upper is not None  # noqa: S101  # a shift begins and ends
    return during.lower, during.upper
