"""Somebody is ill: a report that HR has accepted, one that waits, and one in the middle of a vacation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.absence_types import TypeRules
from portal.domain.refusals import Refusal
from portal.models import Employee
from portal.services import absence_types
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.sickness import changing, reporting

#: First day from today, how many days, and whether HR has accepted it.
_REPORTS = ((-20, 4, True), (-2, 5, False), (0, 2, False))


def tell(story: Story, demo: DemoCompany) -> None:
    """HR makes the type, then people report themselves."""
    hr = story.person(demo.players[0].email)
    rules = TypeRules(needs_approval=False, sickness=True, proof_from_days=4, alarm_days=42)
    kind = absence_types.create(story.as_(hr, days_ago=300), TypeLook("Sickness", "S", "pink"), rules)
    story.uow.session.flush()
    cast = {player.email for player in demo.players}
    others = [one for one in story.everybody if one.email not in cast and one.id != hr.id]
    for employee, report in zip(others, _REPORTS, strict=False):
        _report(story, hr, employee, kind.id, *report)


def _report(
    story: Story, hr: Employee, employee: Employee, kind: UUID, first: int, days: int, accepted: bool
) -> None:
    start = story.today + timedelta(days=first)
    wish = Wish(kind, start, start + timedelta(days=days - 1))
    uow = story.as_(employee, days_ago=max(0, -first))
    try:
        with uow.session.begin_nested():
            absence = reporting.report(uow, uuid4(), wish).absence
    except Refusal:
        return  # not a day of work, or not employed then
    if accepted:
        changing.accept(story.as_(hr, days_ago=max(0, -first - 1)), absence.id, version=absence.version)
