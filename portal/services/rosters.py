"""Rosters as a whole: which team has one for a month, who may do what with it, and beginning a new one.

What stands in a roster is read by roster_grid.py, changed by shifts.py and shared by roster_publishing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.months import Month
from portal.domain.periods import EARLIEST_DATE, LATEST_DATE
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.rosters import RosterStatus
from portal.models.employee import Employee
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift
from portal.models.team import Site, Team, TeamMembership
from portal.services import access, audit
from portal.services.holiday_book import keep_book, region_of
from portal.services.holiday_days import Region
from portal.services.holiday_rows import DECIDED
from portal.services.name_order import alphabetical


@dataclass(frozen=True)
class RosterFacts:
    """One roster and what the actor may do with it."""

    id: UUID
    team_id: UUID
    team: str
    start_date: date
    end_date: date
    #: 0 while nothing is published.
    version: int
    published_at: datetime | None
    #: The clock and the holidays of the team's site, else the company's.
    time_zone: str
    region: Region
    may_edit: bool
    may_publish: bool
    may_print: bool
    #: Shifts that publishing would add, change or remove; None for who sees published shifts only.
    unpublished: int | None

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def month(self) -> Month:
        return Month.of(self.start_date)

    @property
    def status(self) -> RosterStatus:
        return RosterStatus.PUBLISHED if self.version else RosterStatus.DRAFT

    def covers(self, day: date) -> bool:
        return self.start_date <= day <= self.end_date


@dataclass(frozen=True)
class TeamRoster:
    """A team and its roster of a month: `roster_id` is None while there is none that the actor may see."""

    team_id: UUID
    team: str
    people: int
    may_edit: bool
    roster_id: UUID | None
    version: int
    published_at: datetime | None
    unpublished: int | None

    @property
    def status(self) -> RosterStatus:
        return RosterStatus.PUBLISHED if self.version else RosterStatus.DRAFT


def list_month(uow: UnitOfWork, month: Month) -> list[TeamRoster]:
    """Every team within the actor's reach with its roster of the month, in one query."""
    edits = access.teams_within(uow, Permission.ROSTER_EDIT, Team.id)
    query = (
        select(
            Team.id,
            Team.name,
            _people(month),
            edits.label("may_edit"),
            Roster.id,
            Roster.version,
            Roster.published_at,
            _UNPUBLISHED,
        )
        .select_from(Team)
        .outerjoin(
            Roster,
            and_(
                Roster.team_id == Team.id,
                Roster.start_date == month.first_day,
                or_(Roster.version > 0, edits),
            ),
        )
        .where(or_(access.teams_within(uow, Permission.ROSTER_VIEW, Team.id), edits))
        .order_by(alphabetical(uow, Team.name), Team.id)
    )
    return [
        TeamRoster(*row[:5], row[5] or 0, row[6], row[7] if row.may_edit and row[4] is not None else None)
        for row in uow.session.execute(query)
    ]


def get_roster(uow: UnitOfWork, roster_id: UUID) -> RosterFacts:
    """The roster, if the actor may plan it or sees its team and it has been published; else it does not exist."""

    found = uow.session.execute(_with_rights(uow, roster_id)).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    roster, team, time_zone, *place, may_edit, may_publish, may_print, unpublished, decided = found
    keep_book(uow, decided)
    return RosterFacts(
        id=roster.id,
        team_id=roster.team_id,
        team=team,
        start_date=roster.start_date,
        end_date=roster.end_date,
        version=roster.version,
        published_at=roster.published_at,
        time_zone=time_zone or uow.company.time_zone,
        region=region_of(uow, *place),
        may_edit=may_edit,
        may_publish=may_publish,
        may_print=may_print,
        unpublished=unpublished if may_edit else None,
    )


def _with_rights(uow: UnitOfWork, roster_id: UUID) -> Select[*tuple[Any, ...]]:
    """The roster where the actor may see it, its team's place, what they may do with it, and the holidays' book."""

    def within(permission: Permission) -> ColumnElement[bool]:
        return access.teams_within(uow, permission, Roster.team_id)

    edits = within(Permission.ROSTER_EDIT)
    return (
        select(
            Roster,
            Team.name,
            Site.time_zone,
            Site.country,
            Site.subdivision,
            Site.id,
            edits.label("may_edit"),
            within(Permission.ROSTER_PUBLISH).label("may_publish"),
            within(Permission.ROSTER_PRINT).label("may_print"),
            _UNPUBLISHED,
            DECIDED,
        )
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .where(Roster.id == roster_id, or_(edits, and_(within(Permission.ROSTER_VIEW), Roster.version > 0)))
    )


def roster_to_edit(uow: UnitOfWork, roster_id: UUID) -> RosterFacts:
    """The roster for a change of its draft."""
    facts = get_roster(uow, roster_id)
    if not facts.may_edit:
        raise Refusal(Reason.NOT_PERMITTED)
    return facts


def create(uow: UnitOfWork, team_id: UUID, month: Month) -> UUID:
    """Begins the team's draft for the month; if somebody was faster, theirs is the one."""
    if not EARLIEST_DATE <= month.first_day <= LATEST_DATE:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, earliest=EARLIEST_DATE, latest=LATEST_DATE)
    team = access.team_for(uow, Permission.ROSTER_EDIT, team_id)
    # Waits for who creates the same one: the team's row is locked until they are done.
    uow.session.execute(select(Team.id).where(Team.id == team.id).with_for_update(key_share=True))
    same = select(Roster.id).where(Roster.team_id == team.id, Roster.start_date == month.first_day)
    if (present := uow.session.scalar(same)) is not None:
        return present
    roster = Roster(team_id=team.id, start_date=month.first_day, end_date=month.last_day)
    uow.session.add(roster)
    uow.session.flush()
    audit.record(uow, audit.Action.ROSTER_CREATED, subject=roster)
    return roster.id


def same_shift(one: type[Shift], other: type[PublishedShift]) -> ColumnElement[bool]:
    """The condition that a drafted shift is published exactly as it stands."""
    return and_(
        other.company_id == one.company_id,
        other.id == one.id,
        other.roster_id == one.roster_id,
        other.employee_id == one.employee_id,
        other.date == one.date,
        other.shift_template_id == one.shift_template_id,
        other.during == one.during,
        other.paid_minutes == one.paid_minutes,
    )


# Made once: building an alias costs more than running many a query.
_DRAFT, _SHARED = aliased(Shift), aliased(PublishedShift)
_AS_PUBLISHED = same_shift(_DRAFT, _SHARED)


def _people(month: Month) -> ColumnElement[int]:
    return (
        select(func.count(func.distinct(TeamMembership.employee_id)))
        .join(Employee, Employee.id == TeamMembership.employee_id)
        .where(
            TeamMembership.team_id == Team.id,
            Employee.active,
            TeamMembership.start_date <= month.last_day,
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= month.first_day),
        )
        .correlate(Team)
        .scalar_subquery()
        .label("people")
    )


def _unpublished() -> ColumnElement[int]:
    """How many shifts of the draft are not published as they are, and published ones that the draft has no more."""
    draft, shared = aliased(Shift), aliased(PublishedShift)
    new = (
        select(func.count())
        .select_from(draft)
        .outerjoin(shared, same_shift(draft, shared))
        .where(draft.roster_id == Roster.id, shared.id.is_(None))
        .correlate(Roster)
    )
    kept, gone = aliased(Shift), aliased(PublishedShift)
    removed = (
        select(func.count())
        .select_from(gone)
        .outerjoin(kept, and_(kept.company_id == gone.company_id, kept.id == gone.id))
        .where(gone.roster_id == Roster.id, kept.id.is_(None))
        .correlate(Roster)
    )
    return (new.scalar_subquery() + removed.scalar_subquery()).label("unpublished")


#: Built once: it is the same for everybody, and making it costs more than asking it.
_UNPUBLISHED = _unpublished()
