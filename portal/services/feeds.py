"""Calendar feeds: made and removed by their owner, and recognised by the secret in their address.

What a feed shows is in feed_entries.py; it is worked out at each fetch, with the rights the owner has then.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Label, case, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.feeds import FeedContent, FeedScope
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.feed import Feed
from portal.models.role import RoleGrant, RolePermission
from portal.models.team import Team
from portal.services import access, audit, stored_grants, throttles
from portal.services.name_order import alphabetical
from portal.services.sessions import hash_token

LONGEST_NAME = 60
MOST_FEEDS = 20
#: A program that asks more often than that is broken; a few programs may share an address.
WINDOW = timedelta(minutes=5)
MOST_FETCHES = 30


@dataclass(frozen=True)
class FeedLine:
    """A feed as its owner sees it; `team` is empty unless it shows one."""

    id: UUID
    name: str
    content: FeedContent
    team: str
    created_at: datetime
    last_used_at: datetime | None
    last_used_ip: str | None


@dataclass(frozen=True)
class Offer:
    """Whose time the actor may choose for a feed besides their own."""

    teams: list[tuple[UUID, str]]
    company: bool


@dataclass(frozen=True)
class Fetch:
    """A program has come with a good address: whose it is, and how long it must wait (None: not at all)."""

    feed_id: UUID
    name: str
    content: FeedContent
    team: str
    actor: Actor
    wait: timedelta | None
    content_hash: bytes | None
    changed_at: datetime | None


def list_mine(uow: UnitOfWork) -> list[FeedLine]:
    """The actor's feeds, the oldest first."""
    rows = uow.session.execute(
        select(Feed, Team.name)
        .outerjoin(Team, Team.id == Feed.team_id)
        .where(Feed.employee_id == uow.actor.employee_id, Feed.revoked_at.is_(None))
        .order_by(Feed.created_at, Feed.id)
    )
    return [
        FeedLine(
            row.id, row.name, _content(row), team or "", row.created_at, row.last_used_at, row.last_used_ip
        )
        for row, team in rows
    ]


def offer(uow: UnitOfWork) -> Offer:
    """What the actor's calendar reaches today."""
    query = (
        select(Team.id, Team.name)
        .where(access.teams_within(uow, Permission.CALENDAR_VIEW, Team.id))
        .order_by(alphabetical(uow, Team.name))
    )
    teams = [(team_id, name) for team_id, name in uow.session.execute(query)]
    return Offer(teams, access.can(uow, Permission.CALENDAR_VIEW, Reach.COMPANY))


def make(uow: UnitOfWork, name: str, content: FeedContent) -> str:
    """A new feed of the actor, and the token of its address, which nobody sees again."""
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    _check_name(name)
    _check_reach(uow, content)
    throttles.hold_line(uow, uow.actor.employee_id.bytes)  # or two at once would be one too many
    live = (
        select(func.count())
        .select_from(Feed)
        .where(Feed.employee_id == uow.actor.employee_id, Feed.revoked_at.is_(None))
    )
    if (uow.session.scalar(live) or 0) >= MOST_FEEDS:
        raise Refusal(Reason.FEEDS_TOO_MANY, limit=MOST_FEEDS)
    token = secrets.token_urlsafe(32)
    row = Feed(
        id=uuid4(),
        employee_id=uow.actor.employee_id,
        name=name,
        token_hash=hash_token(token),
        created_at=uow.clock.now(),
        **_columns(content),
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.FEED_MADE, subject=row)
    return token


def revoke(uow: UnitOfWork, feed_id: UUID) -> None:
    """The address of one of the actor's feeds leads nowhere from the next fetch on. Twice is once."""
    mine = select(Feed).where(Feed.id == feed_id, Feed.employee_id == uow.actor.employee_id)
    row = access.one_or_refuse(uow, mine.with_for_update(key_share=True))
    if row.revoked_at is not None:
        return
    row.revoked_at = uow.clock.now()
    audit.record(uow, audit.Action.FEED_REVOKED, subject=row)


def end_all_of(uow: UnitOfWork, employee_id: UUID) -> None:
    """The feeds of somebody who leaves stay dead, should they ever come back."""
    rows = uow.session.scalars(
        select(Feed).where(Feed.employee_id == employee_id, Feed.revoked_at.is_(None)).order_by(Feed.id)
    )
    for row in rows:
        row.revoked_at = uow.clock.now()
        audit.record(uow, audit.Action.FEED_REVOKED, subject=row)


def recognise(uow: UnitOfWork, token: str) -> Fetch | None:
    """Whose address this is, with everything they may do now, counted; None: a live feed of nobody who works here."""
    now = uow.clock.now()
    row = uow.session.execute(_counted(uow, token)).one_or_none()
    if row is None:
        return None
    actor = Actor(
        employee_id=row.employee_id,
        name=f"{row.first_name} {row.last_name}",
        email=row.email,
        language=row.language,
        time_zone=row.time_zone or uow.company.time_zone,
        grants=stored_grants.read(row.grants),
    )
    wait = row.window_started_at + WINDOW - now if row.window_fetches > MOST_FETCHES else None
    return Fetch(
        row.id, row.name, _content(row), row.team or "", actor, wait, row.content_hash, row.changed_at
    )


def _counted(uow: UnitOfWork, token: str) -> ReturningUpdate[*tuple[Any, ...]]:
    """The one more fetch of this address, which answers with the feed and with whose it is."""
    now = uow.clock.now()
    same_window = Feed.window_started_at > now - WINDOW
    return (
        update(Feed)
        .where(
            Feed.token_hash == hash_token(token),
            Feed.revoked_at.is_(None),
            Employee.company_id == Feed.company_id,
            Employee.id == Feed.employee_id,
            Employee.active,
        )
        .values(
            last_used_at=now,
            last_used_ip=uow.request.ip,
            window_started_at=case((same_window, Feed.window_started_at), else_=now),
            window_fetches=case((same_window, Feed.window_fetches + 1), else_=1),
        )
        .returning(
            *(Feed.id, Feed.name, Feed.scope, Feed.team_id),
            *(Feed.absences, Feed.shifts, Feed.holidays, Feed.busy_only),
            *(Feed.window_started_at, Feed.window_fetches, Feed.content_hash, Feed.changed_at),
            *(Employee.id.label("employee_id"), Employee.first_name, Employee.last_name, Employee.email),
            *(Employee.language, Employee.time_zone, _grants(), _team_name()),
        )
        .execution_options(synchronize_session=False)
    )


def since(uow: UnitOfWork, fetch: Fetch, content_hash: bytes) -> datetime:
    """Since when the feed shows what it shows now, also where that is because of a right that was lost."""
    if fetch.content_hash == content_hash and fetch.changed_at is not None:
        return fetch.changed_at
    now = uow.clock.now().replace(microsecond=0)  # as HTTP writes it
    uow.session.execute(
        update(Feed).where(Feed.id == fetch.feed_id).values(content_hash=content_hash, changed_at=now)
    )
    return now


def _check_name(name: str) -> None:
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)


def _check_reach(uow: UnitOfWork, content: FeedContent) -> None:
    if content.scope is FeedScope.OWN:
        return
    if content.team_id is not None:
        access.team_for(uow, Permission.CALENDAR_VIEW, content.team_id)
    elif not access.can(uow, Permission.CALENDAR_VIEW, Reach.COMPANY):
        raise Refusal(Reason.NOT_FOUND)


def _content(row: Any) -> FeedContent:
    """Of a Feed, or of a row with its columns."""
    return FeedContent(row.scope, row.team_id, row.absences, row.shifts, row.holidays, row.busy_only)


def _columns(content: FeedContent) -> dict[str, object]:
    return {
        "scope": content.scope,
        "team_id": content.team_id,
        "absences": content.absences,
        "shifts": content.shifts,
        "holidays": content.holidays,
        "busy_only": content.busy_only,
    }


def _grants() -> Label[Sequence[str] | None]:
    """`permission=reach` of every role of the feed's owner, as one array."""
    return (
        select(stored_grants.as_array())
        .select_from(RoleGrant)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(RoleGrant.employee_id == Feed.employee_id)
        .correlate(Feed)
        .scalar_subquery()
        .label("grants")
    )


def _team_name() -> Label[str | None]:
    return select(Team.name).where(Team.id == Feed.team_id).correlate(Feed).scalar_subquery().label("team")
