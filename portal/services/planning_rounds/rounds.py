"""Opens rounds, lists them and finds one within reach; what people of a round are, and what is decided by hand.

Whoever may enter absences for people runs their rounds: for the whole company, or for the teams and the site within
reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.planned_absences import PlannedStatus
from portal.domain.planning_rounds import LONGEST_NAME, Outcome, RoundStatus, TieBreak, check_round
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee, Employment
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningChoice, PlanningRound
from portal.models.team import Site, Team, TeamMembership
from portal.services import access, audit
from portal.services.name_order import alphabetical
from portal.services.planning_rounds import letters

_ENTER = Permission.ABSENCE_ENTER
_MOST_LISTED = 100
_AUTHOR, _PUBLISHER = aliased(Employee), aliased(Employee)


@dataclass(frozen=True)
class NewRound:
    """What a round is about."""

    name: str
    start_date: date
    end_date: date
    deadline: date
    tie_break: TieBreak
    outcome: Outcome
    team_id: UUID | None = None
    site_id: UUID | None = None


@dataclass(frozen=True)
class RoundLine:
    """A round in the list, and at the top of its page."""

    id: UUID
    name: str
    team: str | None
    site: str | None
    start_date: date
    end_date: date
    deadline: date
    tie_break: TieBreak
    outcome: Outcome
    status: RoundStatus
    author: str | None
    opened_at: datetime
    published_at: datetime | None
    published_by: str | None

    @property
    def open(self) -> bool:
        return self.status is RoundStatus.OPEN


def open_round(uow: UnitOfWork, round_id: UUID, new: NewRound) -> PlanningRound:
    """The same id again changes nothing (T157). Everybody whom it is about gets a letter."""
    before = uow.session.scalars(select(PlanningRound).where(PlanningRound.id == round_id)).one_or_none()
    if before is not None:
        return before
    if not new.name.strip():
        raise Refusal(Reason.MISSING, field="name")
    if len(new.name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    check_round(new.start_date, new.end_date, new.deadline, today=uow.today())
    _check_scope(uow, new)
    row = PlanningRound(
        id=round_id,
        name=new.name.strip(),
        team_id=new.team_id,
        site_id=new.site_id,
        start_date=new.start_date,
        end_date=new.end_date,
        deadline=new.deadline,
        tie_break=new.tie_break,
        outcome=new.outcome,
        status=RoundStatus.OPEN,
        author_id=uow.actor.employee_id,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, audit.Action.PLANNING_ROUND_OPENED, subject=row)
    letters.tell(uow, row, people(uow, row), letters.OPENED)
    return row


def close(uow: UnitOfWork, round_id: UUID) -> PlanningRound:
    """Given up: nothing is decided, and the plans stay plans."""
    row = take(uow, round_id)
    row.status = RoundStatus.CLOSED
    audit.record(uow, audit.Action.PLANNING_ROUND_CLOSED, subject=row)
    return row


def choose(uow: UnitOfWork, round_id: UUID, choices: Mapping[UUID, bool | None]) -> int:
    """Decides wishes by hand, or leaves them to the proposal again (None); how many that changes."""
    row = take(uow, round_id)
    query = select(PlannedAbsence).where(of_round(row), PlannedAbsence.id.in_(list(choices)))
    wishes = {one.id: one for one in uow.session.scalars(query)}
    made = select(PlanningChoice).where(PlanningChoice.round_id == row.id)
    known = {one.planned_absence_id: one for one in uow.session.scalars(made)}
    changed = 0
    for wish_id, granted in choices.items():
        wish, before = wishes.get(wish_id), known.get(wish_id)
        if wish is None or granted == (before.granted if before else None):
            continue
        changed += 1
        if before is not None:
            uow.session.delete(before)
            uow.session.flush()
        if granted is not None:
            uow.session.add(
                PlanningChoice(
                    round_id=row.id,
                    planned_absence_id=wish.id,
                    employee_id=wish.employee_id,
                    granted=granted,
                    by_hand=True,
                )
            )
    if changed:
        uow.session.flush()
        audit.record(uow, audit.Action.PLANNING_ROUND_WEIGHED, subject=row, people=changed)
    return changed


def list_rounds(uow: UnitOfWork) -> list[RoundLine]:
    """Those within reach, the latest first."""
    query = _lines().where(within(uow)).order_by(PlanningRound.created_at.desc()).limit(_MOST_LISTED)
    return [_line(*row) for row in uow.session.execute(query)]


def get_round(uow: UnitOfWork, round_id: UUID) -> tuple[PlanningRound, RoundLine]:
    query = _lines().where(PlanningRound.id == round_id, within(uow))
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found[0], _line(*found)


def take(uow: UnitOfWork, round_id: UUID, status: RoundStatus = RoundStatus.OPEN) -> PlanningRound:
    """The round, held until the transaction ends; refused when it is not where the step begins."""
    query = select(PlanningRound).where(PlanningRound.id == round_id, within(uow))
    row = access.one_or_refuse(uow, query.with_for_update(key_share=True))
    if row.status is not status:
        raise Refusal(Reason.ROUND_CLOSED)
    return row


def within(uow: UnitOfWork) -> ColumnElement[bool]:
    """Rounds of the teams, the site or the company whose people the actor may enter absences for."""
    if access.can(uow, _ENTER, Reach.COMPANY):
        return true()
    of_team = and_(
        PlanningRound.team_id.is_not(None), access.teams_within(uow, _ENTER, PlanningRound.team_id)
    )
    of_site = and_(
        PlanningRound.team_id.is_(None),
        PlanningRound.site_id.is_not(None),
        access.sites_within(uow, _ENTER, PlanningRound.site_id),
    )
    return or_(of_team, of_site)


def of_round(row: PlanningRound) -> ColumnElement[bool]:
    """The condition that a wish is weighed by the round: of its people, and it begins and ends within its days."""
    return and_(
        PlannedAbsence.status == PlannedStatus.PLANNED,
        PlannedAbsence.start_date >= row.start_date,
        PlannedAbsence.end_date <= row.end_date,
        PlannedAbsence.employee_id.in_(members(row)),
    )


def members(row: PlanningRound) -> Select[UUID]:
    """Whoever belongs to the team, or works at the site, on any of the days; also those who have left meanwhile."""
    works = or_(
        Employment.end_date.is_(None),
        Employment.end_date >= row.start_date,
        Employment.end_date >= row.created_at.date(),
    )
    query = select(Employment.employee_id).where(Employment.start_date <= row.end_date, works)
    if row.site_id is not None:
        query = query.where(Employment.site_id == row.site_id)
    if row.team_id is not None:
        in_team = select(TeamMembership.employee_id).where(
            TeamMembership.team_id == row.team_id,
            TeamMembership.start_date <= row.end_date,
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= row.start_date),
        )
        query = query.where(Employment.employee_id.in_(in_team))
    return query


def people(uow: UnitOfWork, row: PlanningRound) -> list[Employee]:
    """Whom the round is about and who still works here."""
    query = select(Employee).where(Employee.active, Employee.id.in_(members(row)))
    return list(uow.session.scalars(query.order_by(Employee.email)))


def scopes(uow: UnitOfWork) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]], bool]:
    """The teams and sites to choose from, and whether the whole company may be chosen."""
    teams = select(Team.id, Team.name).where(access.teams_within(uow, _ENTER, Team.id))
    sites = select(Site.id, Site.name).where(access.sites_within(uow, _ENTER, Site.id))
    return (
        [(one, name) for one, name in uow.session.execute(teams.order_by(alphabetical(uow, Team.name)))],
        [(one, name) for one, name in uow.session.execute(sites.order_by(alphabetical(uow, Site.name)))],
        access.can(uow, _ENTER, Reach.COMPANY),
    )


def open_for(uow: UnitOfWork) -> list[RoundLine]:
    """The open rounds that are about the actor: until when to plan which days."""
    me = uow.actor.employee_id
    if me is None:
        return []
    today = uow.today()
    in_team = select(TeamMembership.team_id).where(
        TeamMembership.employee_id == me,
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today),
    )
    at_site = select(Employment.site_id).where(
        Employment.employee_id == me,
        Employment.site_id.is_not(None),
        or_(Employment.end_date.is_(None), Employment.end_date >= today),
    )
    query = _lines().where(
        PlanningRound.status == RoundStatus.OPEN,
        PlanningRound.deadline >= today,
        or_(PlanningRound.team_id.is_(None), PlanningRound.team_id.in_(in_team)),
        or_(PlanningRound.site_id.is_(None), PlanningRound.site_id.in_(at_site)),
    )
    return [_line(*row) for row in uow.session.execute(query.order_by(PlanningRound.deadline))]


def remind(uow: UnitOfWork) -> int:
    """Once a round, some days before its deadline: whoever has planned nothing in it yet. Says how many letters."""
    query = select(PlanningRound).where(
        PlanningRound.status == RoundStatus.OPEN,
        PlanningRound.reminded_at.is_(None),
        PlanningRound.deadline >= uow.today(),
        PlanningRound.deadline <= uow.today() + timedelta(days=letters.REMINDED_BEFORE),
    )
    told = 0
    for row in uow.session.scalars(query).all():
        row.reminded_at = uow.clock.now()
        planned = set(uow.session.scalars(select(PlannedAbsence.employee_id).where(of_round(row))))
        waiting = [one for one in people(uow, row) if one.id not in planned]
        told += letters.tell(uow, row, waiting, letters.REMINDED)
        audit.record(uow, audit.Action.PLANNING_ROUND_REMINDED, subject=row, people=len(waiting))
    return told


def _check_scope(uow: UnitOfWork, new: NewRound) -> None:
    """Nothing wider than the actor may enter absences for."""
    if new.team_id is None and new.site_id is None:
        if not access.can(uow, _ENTER, Reach.COMPANY):
            raise Refusal(Reason.MISSING, field="team")
        return
    if new.team_id is not None:
        access.team_for(uow, _ENTER, new.team_id)
    if new.site_id is not None:
        query = select(Site.id).where(Site.id == new.site_id, access.sites_within(uow, _ENTER, Site.id))
        access.one_or_refuse(uow, query)


def _lines() -> Select[Any, Any, Any, Any, Any]:
    return (
        select(PlanningRound, Team.name, Site.name, _AUTHOR, _PUBLISHER)
        .outerjoin(Team, Team.id == PlanningRound.team_id)
        .outerjoin(Site, Site.id == PlanningRound.site_id)
        .outerjoin(_AUTHOR, _AUTHOR.id == PlanningRound.author_id)
        .outerjoin(_PUBLISHER, _PUBLISHER.id == PlanningRound.published_by_id)
    )


def _line(
    row: PlanningRound, team: str | None, site: str | None, author: Employee | None, by: Employee | None
) -> RoundLine:
    return RoundLine(
        row.id,
        row.name,
        team,
        site,
        row.start_date,
        row.end_date,
        row.deadline,
        row.tie_break,
        row.outcome,
        row.status,
        author.name if author else None,
        row.created_at,
        row.published_at,
        by.name if by else None,
    )
