"""Hours that people worked longer: some of them booked as time in lieu, some waiting for the manager."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.overtime import OvertimeRules
from portal.domain.refusals import Refusal
from portal.services import absence_types, overtime, overtime_types
from portal.services.absence_types import TypeLook
from portal.services.overtime import Worked

#: So many days ago, minutes, and what for; the first ones are booked.
_WORKED = (
    (24, 150, "Stocktaking"),
    (9, 90, "Covered for a colleague"),
    (2, 60, "Night handover took longer"),
)
_BOOKED = 2


def tell(story: Story, demo: DemoCompany) -> None:
    """HR makes the type; whoever has no role but their own proposes, and HR books."""
    hr = story.person(demo.players[0].email)
    uow = story.as_(hr, days_ago=200)
    look = TypeLook("Time in lieu", "T", "purple")
    kind = absence_types.create(uow, look, TypeRules(unit=Unit.HOUR), counting=CountingMethod.HOURS)
    uow.session.flush()
    overtime_types.set_rules(uow, kind.id, OvertimeRules(6, cap=40 * 60))
    players = [story.person(player.email) for player in demo.players if not player.roles]
    for position, (days_ago, minutes, note) in enumerate(_WORKED if players else ()):
        uow = story.as_(players[0], days_ago=days_ago - 1)
        day = story.today - timedelta(days=days_ago)
        try:
            with uow.session.begin_nested():
                row = overtime.propose(uow, uuid4(), Worked(kind.id, day, minutes, note))
        except Refusal:
            continue  # not employed then
        if position < _BOOKED:
            overtime.approve(story.as_(hr, days_ago=max(0, days_ago - 2)), row.id, version=row.version)
