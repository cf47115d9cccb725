"""An open planning round for the team of the shifts: some want the same week, and one has planned nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.planning_rounds import Outcome, TieBreak
from portal.domain.refusals import Refusal
from portal.models import AbsenceType, Team
from portal.services.planned_absences import keeping
from portal.services.planned_absences.keeping import Planned
from portal.services.planning_rounds import rounds
from portal.services.planning_rounds.rounds import NewRound

#: By position in the team: weeks after the first of the round, days, and how much it matters.
_WISHES = ((1, 5, 3), (1, 5, 2), (1, 3, 3), (2, 4, 1), (1, 5, 2), (4, 5, 3), (1, 5, 1), (1, 4, 2), (1, 5, 3))


def tell(story: Story, demo: DemoCompany) -> None:
    """HR opened it a week ago; people have until next week."""
    hr = story.person(demo.players[0].email)
    uow = story.as_(hr, days_ago=7)
    team = uow.session.scalars(select(Team).where(Team.name == demo.shift_team)).one()
    kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "vacation")).one()
    first = story.today + timedelta(days=45)
    first += timedelta(days=-first.weekday() % 7)
    new = NewRound(
        f"{team.name}: days off",
        first,
        first + timedelta(days=55),
        story.today + timedelta(days=6),
        TieBreak.ROTATION,
        Outcome.ABSENCES,
        team_id=team.id,
    )
    rounds.open_round(uow, uuid4(), new)
    members = sorted(story.members(demo.shift_team), key=lambda one: one.email)
    for position, (weeks, days, weight) in enumerate(_WISHES):
        if position >= len(members):
            break
        begin = first + timedelta(weeks=weeks)
        end = begin + timedelta(days=days - 1)
        uow = story.as_(members[position], days_ago=max(0, 6 - position))
        try:
            with uow.session.begin_nested():
                keeping.plan(uow, uuid4(), Planned(kind.id, begin, end, weight=weight))
        except Refusal:
            continue  # away then already, or not employed
