"""A rule of staffing for the team of the shifts, and a closure, so that requests, approvals and calendars show them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.staffing import Effect, Measure, Metric, StaffingRule
from portal.models import Team
from portal.services.group_entries import closures
from portal.services.group_entries.planning import GroupWish
from portal.services.staffing import rules, watch
from portal.services.staffing.crowd import RuleFacts


def tell(story: Story, demo: DemoCompany) -> None:
    """HR lays it down today: what was approved before stays as it is."""
    uow = story.as_(story.person(demo.players[0].email))
    team = uow.session.scalars(select(Team).where(Team.name == demo.shift_team)).one()
    rule = StaffingRule(
        Metric.LEAST_PRESENT,
        Measure.PERCENT,
        75,
        Effect.REASON,
        story.today,
        weekdays=frozenset({1, 2, 3, 4, 5}),
    )
    rules.create(uow, RuleFacts(uuid4(), f"{team.name}: enough of us", rule, team_id=team.id))
    uow.session.flush()
    _close(story, uow)
    watch.look(uow)


def _close(story: Story, uow: UnitOfWork) -> None:
    """A Friday beyond the rosters on which the company is closed; nobody is charged for it."""
    day = story.today + timedelta(days=100)
    day += timedelta(days=(4 - day.weekday()) % 7)
    kind_id = closures.free_type(uow)
    wish = closures.closure_wish(kind_id, GroupWish(kind_id, day, day, name="Stocktaking"), site_id=None)
    closures.close(uow, uuid4(), wish, seen=closures.preview(uow, wish).seen)
    uow.session.flush()
