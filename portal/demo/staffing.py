"""A rule of staffing for the team of the shifts, so that requests, approvals and the list of rules have one to show."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.staffing import Effect, Measure, Metric, StaffingRule
from portal.models import Team
from portal.services.staffing import rules, watch
from portal.services.staffing.crowd import RuleFacts


def tell(story: Story, demo: DemoCompany) -> None:
    """HR lays it down today: what was approved before stays as it is."""
    uow = story.as_(story.person(demo.players[0].email))
    team = uow.session.scalars(select(Team).where(Team.name == demo.shift_team)).one()
    rule = StaffingRule(
        Metric.LEAST_PRESENT,
        Measure.PERCENT,
        60,
        Effect.REASON,
        story.today,
        weekdays=frozenset({1, 2, 3, 4, 5}),
    )
    rules.create(uow, RuleFacts(uuid4(), f"{team.name}: enough of us", rule, team_id=team.id))
    uow.session.flush()
    watch.look(uow)
