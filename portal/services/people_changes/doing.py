"""Does to some hundred people at a time what a plan has shown; each leaves an event of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import any_, delete, or_, select, update

from portal.db import UnitOfWork
from portal.domain.people_changes import ROLE_KINDS, TEAM_KINDS, TERM_KINDS, ChangeKind
from portal.models.employee import Employee
from portal.models.identity import SignInLink, SignInSession
from portal.models.role import RoleGrant
from portal.models.team import TeamMembership
from portal.services import audit, employments, invitations, leaving, line_managers, memberships
from portal.services.people_changes import people, targets
from portal.services.people_changes.plan import Line, Plan

AT_A_TIME = 200
SOURCE = "many"


def do(uow: UnitOfWork, planned: Plan, report: Callable[[int], None] | None = None) -> None:
    """Whom it can be done to, in the plan's order; `report` hears how many are done."""
    lines = planned.doable
    for start in range(0, len(lines), AT_A_TIME):
        some = lines[start : start + AT_A_TIME]
        _doer(planned.asked.kind)(uow, planned, some, _employees(uow, some))
        uow.session.flush()
        if report is not None:
            report(start + len(some))


def _doer(kind: ChangeKind) -> Callable[[UnitOfWork, Plan, Sequence[Line], dict[UUID, Employee]], None]:
    if kind in TEAM_KINDS:
        return _teams
    if kind in TERM_KINDS:
        return _terms
    if kind in ROLE_KINDS:
        return _roles
    return {ChangeKind.MANAGER: _manager, ChangeKind.INVITE: _invite, ChangeKind.LEAVE: _leave}[kind]


def _employees(uow: UnitOfWork, lines: Sequence[Line]) -> dict[UUID, Employee]:
    """The rows, locked, so that no form that is open meanwhile is overwritten unseen."""
    rows = uow.session.scalars(
        select(Employee)
        .where(Employee.id == any_(people.ids_of([line.id for line in lines])))
        .order_by(Employee.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _teams(uow: UnitOfWork, planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    day = planned.asked.from_day or uow.today()
    ids = people.ids_of([line.id for line in lines])
    lasting = or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= day)
    held: dict[UUID, list[TeamMembership]] = {line.id: [] for line in lines}
    for row in uow.session.scalars(
        select(TeamMembership).where(TeamMembership.employee_id == any_(ids), lasting)
    ):
        held[row.employee_id].append(row)
    began = {one: own[0].start_date for one, own in people.segments_of(uow, list(held)).items()}
    added: list[TeamMembership] = []
    for line in lines:
        own = held[line.id]
        wanted = set(targets.teams_after(planned.asked, planned.target, {row.team_id: "" for row in own}))
        first = max(day, began.get(line.id, day))
        memberships.leave(uow, own, wanted, day)
        added += memberships.joining(line.id, wanted - {row.team_id for row in own}, first)
        _record_change(uow, employees[line.id], line, "team", from_day=first.isoformat())
    uow.session.flush()  # left before joined
    uow.session.add_all(added)


def _terms(uow: UnitOfWork, planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    day = planned.asked.from_day or uow.today()
    segments = people.segments_of(uow, [line.id for line in lines])
    said = {ChangeKind.SITE: "site", ChangeKind.ROSTER: "by_roster"}.get(planned.asked.kind, "weekly_hours")
    added = []
    for line in lines:
        own = segments.get(line.id, [])
        terms = targets.terms_after(planned.asked, employments.terms_at(own, day))
        _, new = employments.change_segments(own, line.id, terms, day)
        added += [new] if new else []
        _record_change(uow, employees[line.id], line, said, from_day=day.isoformat())
    uow.session.flush()  # the old segments end before the new ones may begin
    uow.session.add_all(added)


def _manager(uow: UnitOfWork, planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    day = planned.asked.from_day or uow.today()
    led = line_managers.rows_of(uow, [line.id for line in lines])
    changes = []
    for line in lines:
        changes.append(line_managers.planned(led[line.id], line.id, planned.target.id, day, uow.today()))
        _record_change(uow, employees[line.id], line, "line_manager", from_day=day.isoformat())
    line_managers.write(uow, changes)


def _roles(uow: UnitOfWork, planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    role_id, key = planned.target.needed_id, planned.target.key
    if planned.asked.kind is ChangeKind.GIVE_ROLE:
        uow.session.add_all(RoleGrant(employee_id=line.id, role_id=role_id) for line in lines)
        action = audit.Action.ROLE_GRANTED
    else:
        ids = people.ids_of([line.id for line in lines])
        held = delete(RoleGrant).where(RoleGrant.role_id == role_id, RoleGrant.employee_id == any_(ids))
        uow.session.execute(held, execution_options={"synchronize_session": False})
        action = audit.Action.ROLE_REVOKED
    for line in lines:
        audit.record(uow, action, subject=employees[line.id], role=key, person=line.email, source=SOURCE)


def _invite(uow: UnitOfWork, _planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    for line in lines:
        invitations.invite(uow, employees[line.id])


def _leave(uow: UnitOfWork, planned: Plan, lines: Sequence[Line], employees: dict[UUID, Employee]) -> None:
    """Today: signed out at once and no way back in. Later: the work ends on that day, and the day after all of this."""
    last_day = planned.asked.last_day or uow.today()
    today = last_day <= uow.today()
    _end(uow, lines, last_day)
    if today:
        _shut_out(uow, lines)
    for line in lines:
        if today:
            employees[line.id].active = False
            action = audit.Action.EMPLOYEE_DEACTIVATED
        else:
            leaving.lay_ahead(uow, line.id, last_day)
            action = audit.Action.EMPLOYEE_LEAVING
        audit.record(uow, action, subject=employees[line.id], last_day=last_day.isoformat(), source=SOURCE)


def _end(uow: UnitOfWork, lines: Sequence[Line], last_day: Any) -> None:
    """Nothing agreed and no team lasts longer; what was to begin later shrinks to its first day."""
    ids = people.ids_of([line.id for line in lines])
    for own in people.segments_of(uow, [line.id for line in lines]).values():
        for segment in own:
            if segment.end_date is None or segment.end_date > last_day:
                segment.end_date = max(last_day, segment.start_date)
    after = last_day + timedelta(days=1)
    longer = or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= after)
    for row in uow.session.scalars(
        select(TeamMembership).where(TeamMembership.employee_id == any_(ids), longer)
    ):
        row.end_date = max(last_day, row.start_date)
    line_managers.end_after(uow, [line.id for line in lines], last_day)


def _shut_out(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    ids = people.ids_of([line.id for line in lines])
    now = uow.clock.now()
    uow.session.execute(
        update(SignInLink)
        .where(SignInLink.employee_id == any_(ids), SignInLink.used_at.is_(None))
        .values(used_at=now),
        execution_options={"synchronize_session": False},
    )
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.employee_id == any_(ids), SignInSession.revoked_at.is_(None))
        .values(revoked_at=now),
        execution_options={"synchronize_session": False},
    )


def _record_change(uow: UnitOfWork, employee: Employee, line: Line, said: str, *, from_day: str) -> None:
    """What lies in other rows than the person's own is told in their event."""
    told = {said: [line.before, line.after], "first_day": from_day}
    audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=employee, source=SOURCE, **told)
