"""Who belongs to which team, from when until when. A change is dated; what was, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.team import Team, TeamMembership
from portal.services import audit
from portal.services.staffing import notice

_ONE_DAY = timedelta(days=1)


def set_teams(uow: UnitOfWork, employee_id: UUID, team_ids: Collection[UUID], day: date) -> tuple[int, int]:
    """The person is in exactly these teams from `day` on; says how many were joined and left."""
    check_teams(uow, team_ids)
    open_rows = open_from(uow, employee_id, day)
    left = leave(uow, open_rows, team_ids, day)
    uow.session.flush()  # left before joined: the database refuses overlaps
    joined = joining(employee_id, set(team_ids) - {row.team_id for row in open_rows}, day)
    uow.session.add_all(joined)
    _record(uow, *left, *joined)
    return len(joined), len(left)


def leave(
    uow: UnitOfWork, open_rows: list[TeamMembership], stays_in: Collection[UUID], day: date
) -> list[TeamMembership]:
    """Ends memberships in all other teams on the day before, and says which."""
    left = [row for row in open_rows if row.team_id not in stays_in]
    for row in left:
        if row.start_date >= day:
            uow.session.delete(row)
        else:
            row.end_date = day - _ONE_DAY
    return left


def joining(employee_id: UUID, team_ids: Collection[UUID], day: date) -> list[TeamMembership]:
    """The rows that make somebody a member from `day` on."""
    return [TeamMembership(employee_id=employee_id, team_id=team_id, start_date=day) for team_id in team_ids]


def end_after(uow: UnitOfWork, employee_id: UUID, last_day: date) -> None:
    """Member of nothing after `last_day`."""
    for row in open_from(uow, employee_id, last_day + _ONE_DAY):
        row.end_date = max(last_day, row.start_date)
        _record(uow, row)


def resume(uow: UnitOfWork, employee_id: UUID, day: date) -> None:
    """Member again of the teams that were left last, together."""
    rows = list(uow.session.scalars(select(TeamMembership).where(TeamMembership.employee_id == employee_id)))
    last_day = max((row.end_date for row in rows if row.end_date), default=None)
    if last_day is None or any(row.end_date is None for row in rows):
        return
    for row in rows:
        if row.end_date != last_day:
            continue
        if last_day >= day - _ONE_DAY:
            row.end_date = None
            _record(uow, row)
        else:
            again = joining(employee_id, [row.team_id], day)
            uow.session.add_all(again)
            _record(uow, *again)


def current_teams(uow: UnitOfWork, employee_id: UUID) -> set[UUID]:
    """The teams the person is in today, or will be."""
    return {row.team_id for row in open_from(uow, employee_id, uow.today())}


def check_teams(uow: UnitOfWork, team_ids: Collection[UUID]) -> None:
    """Refuses teams that this company does not have (T100)."""
    if not team_ids:
        return
    known = set(uow.session.scalars(select(Team.id).where(Team.id.in_(team_ids))))
    if known != set(team_ids):
        raise Refusal(Reason.NOT_FOUND, field="teams")


def open_from(uow: UnitOfWork, employee_id: UUID, day: date) -> list[TeamMembership]:
    """Memberships that hold on `day` or later."""
    return list(
        uow.session.scalars(
            select(TeamMembership).where(
                TeamMembership.employee_id == employee_id,
                or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= day),
            )
        )
    )


def _record(uow: UnitOfWork, *rows: TeamMembership) -> None:
    if rows:
        notice.ask(uow)
    for row in rows:
        facts = {"employee": str(row.employee_id), "team": str(row.team_id)}
        audit.record(uow, audit.Action.TEAM_MEMBERSHIP_CHANGED, subject=row, **facts)
