"""What stands in a calendar feed: absences, published shifts and holidays within the actor's reach now.

Whoever may not see why somebody is away gets no type, and a feed of busy times gets none at all: both are left
out here, before anything is written. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.db import UnitOfWork
from portal.domain.absences import CLOSED, AbsenceStatus
from portal.domain.feeds import (
    KEPT,
    Days,
    FeedContent,
    FeedScope,
    Hours,
    LocalPart,
    Stretch,
    Window,
    stretches,
    window,
)
from portal.domain.holidays import WHOLE_DAY, HolidayPart
from portal.domain.periods import DayPart, Part
from portal.domain.permissions import Permission
from portal.domain.working_patterns import WorkingPattern
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.feed import WithdrawnShift
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.models.team import Site, Team, TeamMembership
from portal.services import absence_sight, access
from portal.services.balances import TypeFacts
from portal.services.holiday_book import book_of, region_of
from portal.services.working_time import holidays_in

_MEMBER = aliased(TeamMembership)


class Subject(StrEnum):
    """What an entry is about."""

    ABSENCE = "absence"
    SHIFT = "shift"
    HOLIDAY = "holiday"
    COVER = "cover"
    PLAN = "plan"


class State(StrEnum):
    """How certain it is."""

    CERTAIN = "certain"
    REQUESTED = "requested"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar. `key` never changes, `sequence` grows with each change."""

    key: str
    sequence: int
    changed_at: datetime
    subject: Subject
    state: State
    stretch: Stretch
    #: Whose it is; empty in one's own calendar.
    person: str = ""
    #: The type of an absence; None where the reader may not know it.
    kind: TypeFacts | None = None
    #: The name of a shift or holiday, or of the person for whom one covers.
    name: str = ""
    place: str = ""
    #: How much of the day a holiday frees.
    part: HolidayPart = HolidayPart.FULL
    minutes: tuple[int, int] = WHOLE_DAY


def entries(uow: UnitOfWork, content: FeedContent) -> list[Entry]:
    """Everything that the feed shows, in a stable order. One query for each kind of thing, two for shifts."""
    dates = window(uow.today())
    found: list[Entry] = []
    if content.absences:
        found += _absences(uow, content, dates)
    if content.shifts:
        found += _shifts(uow, content, dates)
    if content.holidays:
        found += _holidays(uow, content, dates)
    return sorted(found, key=lambda entry: entry.key)


def _absences(uow: UnitOfWork, content: FeedContent, dates: Window) -> Iterator[Entry]:
    rows = uow.session.execute(_absence_parts(uow, content, dates))
    for _absence_id, parts in groupby(rows, key=lambda row: row.absence_id):
        listed = list(parts)
        for stretch in stretches(_local(uow, row) for row in listed):
            yield _absence(content, listed[0], stretch)


def _absence(content: FeedContent, row: Any, stretch: Stretch) -> Entry:
    state = {AbsenceStatus.APPROVED: State.CERTAIN, AbsenceStatus.REQUESTED: State.REQUESTED}
    kind = TypeFacts(row.type_id, row.key, row.type_name, row.code, row.colour)
    begins = (
        f"{stretch.first_day:%Y%m%d}"
        if isinstance(stretch, Days)
        else f"{stretch.date:%Y%m%d}-{stretch.starts_minute}"
    )
    return Entry(
        key=f"absence-{row.absence_id}-{begins}",
        sequence=row.version - 1,
        changed_at=row.decided_at or row.requested_at,
        subject=Subject.ABSENCE,
        state=state.get(row.status, State.CANCELLED),
        stretch=stretch,
        person=_person(content, row),
        kind=kind if row.readable and not content.busy_only else None,
    )


def _absence_parts(uow: UnitOfWork, content: FeedContent, dates: Window) -> Any:
    """What is asked for or approved, and for a while what was given up: of others only what had been agreed."""
    gone = CLOSED if content.scope is FeedScope.OWN else {AbsenceStatus.CANCELLED}
    lately = and_(Absence.status.in_(gone), Absence.decided_at > uow.clock.now() - KEPT)
    terms = and_(
        Employment.employee_id == AbsencePart.employee_id,
        AbsencePart.part != Part.FULL,  # whole days need no clock
        Employment.start_date <= AbsencePart.date,
        or_(Employment.end_date.is_(None), Employment.end_date >= AbsencePart.date),
    )
    query: Any = (
        select(
            *(Absence.id.label("absence_id"), Absence.status, Absence.version),
            *(Absence.requested_at, Absence.decided_at),
            *(AbsencePart.date, AbsencePart.part, AbsencePart.starts_minute, AbsencePart.ends_minute),
            *(AbsenceType.id.label("type_id"), AbsenceType.key, AbsenceType.name.label("type_name")),
            *(AbsenceType.code, AbsenceType.colour, Employee.first_name, Employee.last_name),
            *(Employment.pattern, Employment.further_weeks, Employment.cycle_begins),
            Site.time_zone,
            absence_sight.sees_kind(uow, AbsencePart.employee_id, AbsencePart.date).label("readable"),
        )
        .select_from(AbsencePart)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == AbsencePart.employee_id)
        .outerjoin(Employment, terms)
        .outerjoin(Site, Site.id == Employment.site_id)
        .where(
            AbsencePart.date.between(dates.first_day, dates.last_day),
            or_(AbsencePart.live, lately),
            _shown(uow, content, AbsencePart.employee_id, AbsencePart.date),
        )
        .order_by(Absence.id, AbsencePart.during)
    )
    return query


def _local(uow: UnitOfWork, row: Any) -> LocalPart:
    part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
    scheduled = 0
    if row.pattern is not None:  # whole days need no clock
        turns = WorkingPattern.taking_turns((*row.pattern, *row.further_weeks), row.cycle_begins)
        scheduled = turns.on(row.date)
    return LocalPart(part, scheduled, row.time_zone or uow.company.time_zone)


def _shown(
    uow: UnitOfWork,
    content: FeedContent,
    employee_id: InstrumentedAttribute[UUID],
    day: InstrumentedAttribute[Any],
) -> ColumnElement[bool]:
    """Whose rows the feed shows, by the calendar that its owner may open today."""
    if content.scope is FeedScope.OWN:
        return employee_id == uow.actor.employee_id
    reach = access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id)
    members: ColumnElement[bool] = true()
    if content.scope is FeedScope.TEAM:
        open_teams = select(Team.id).where(
            Team.id == content.team_id, access.teams_within(uow, Permission.CALENDAR_VIEW, Team.id)
        )
        members = (
            select(_MEMBER.id)
            .where(
                _MEMBER.team_id.in_(open_teams),
                _MEMBER.employee_id == employee_id,
                _MEMBER.start_date <= day,
                or_(_MEMBER.end_date.is_(None), _MEMBER.end_date >= day),
            )
            .exists()
        )
    return and_(Employee.active, reach, members)


def _shifts(uow: UnitOfWork, content: FeedContent, dates: Window) -> Iterator[Entry]:
    for copy in (PublishedShift, WithdrawnShift):
        for row in uow.session.execute(_shift_rows(uow, content, dates, copy)):
            zone = row.time_zone or uow.company.time_zone
            yield Entry(
                key=f"shift-{row.shift_id}-{row.employee_id.hex[:12]}",
                sequence=row.shared_version - 1,
                changed_at=row.changed_at,
                subject=Subject.SHIFT,
                state=State.CERTAIN if copy is PublishedShift else State.CANCELLED,
                stretch=Hours(row.start_at, row.end_at, zone, row.date),
                person=_person(content, row),
                name="" if content.busy_only else row.name,
                place="" if content.busy_only else row.place or "",
            )


def _shift_rows(
    uow: UnitOfWork, content: FeedContent, dates: Window, copy: type[PublishedShift] | type[WithdrawnShift]
) -> Select[Any]:
    published = copy is PublishedShift
    own = content.scope is FeedScope.OWN
    reach = access.employees_within(uow, Permission.ROSTER_VIEW, copy.employee_id)
    shift_id: Any = PublishedShift.id if published else WithdrawnShift.shift_id
    changed_at: Any = PublishedShift.created_at if published else WithdrawnShift.withdrawn_at
    lately = true() if published else WithdrawnShift.withdrawn_at > uow.clock.now() - KEPT
    return (
        select(
            *(shift_id.label("shift_id"), copy.employee_id, copy.date, copy.shared_version),
            *(func.lower(copy.during).label("start_at"), func.upper(copy.during).label("end_at")),
            *(changed_at.label("changed_at"), ShiftTemplate.name, Site.time_zone, Site.name.label("place")),
            *(Employee.first_name, Employee.last_name),
        )
        .select_from(copy)
        .join(ShiftTemplate, ShiftTemplate.id == copy.shift_template_id)
        .join(Roster, Roster.id == copy.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .join(Employee, Employee.id == copy.employee_id)
        .where(
            copy.date.between(dates.first_day, dates.last_day),
            _shown(uow, content, copy.employee_id, copy.date),
            true() if own else reach,
            lately,
        )
    )


def _holidays(uow: UnitOfWork, content: FeedContent, dates: Window) -> Iterator[Entry]:
    """Of the site where the owner, or the team, is today; of a whole company those of the company."""
    region = region_of(uow, None, None)
    if content.scope is not FeedScope.COMPANY:
        found = uow.session.execute(_site(uow, content)).first()
        if found is not None:
            region = region_of(uow, *found)
    if content.scope is FeedScope.OWN:
        region = book_of(uow).region_for(region, uow.actor.employee_id)
    for day, several in holidays_in(uow, region, dates.years).items():
        if not dates.first_day <= day <= dates.last_day:
            continue
        for number, holiday in enumerate(several):
            place = "-".join(part for part in (region.country, region.subdivision) if part)
            yield Entry(
                key=f"holiday-{place}-{day:%Y%m%d}-{number}",
                sequence=0,
                changed_at=datetime(day.year, 1, 1, tzinfo=UTC),
                subject=Subject.HOLIDAY,
                state=State.CERTAIN,
                stretch=Days(day, day),
                name=holiday.name,
                part=holiday.part,
                minutes=holiday.minutes,
            )


def _site(uow: UnitOfWork, content: FeedContent) -> Any:
    columns: Any = select(Site.country, Site.subdivision, Site.id)
    if content.team_id is not None:
        reach = access.teams_within(uow, Permission.CALENDAR_VIEW, Team.id)
        return columns.join(Team, Team.site_id == Site.id).where(Team.id == content.team_id, reach)
    today = uow.today()
    return columns.join(Employment, Employment.site_id == Site.id).where(
        Employment.employee_id == uow.actor.employee_id,
        Employment.start_date <= today,
        or_(Employment.end_date.is_(None), Employment.end_date >= today),
    )


def _person(content: FeedContent, row: Any) -> str:
    return "" if content.scope is FeedScope.OWN else f"{row.first_name} {row.last_name}"
