"""Time off around today: taken, planned, waiting for a decision, and declined."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import uuid4

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.periods import Part
from portal.domain.refusals import Refusal
from portal.models import Employee
from portal.services import absence_requests, absences, entitlements
from portal.services.absence_wishes import Wish

#: First day from today, and how many days; a person gets two or three of them.
_STRETCHES = (
    (-52, 5),
    (-38, 3),
    (-24, 9),
    (-12, 2),
    (-3, 5),
    (2, 3),
    (9, 5),
    (16, 12),
    (27, 2),
    (41, 8),
    (63, 5),
)
_REASONS = (
    "Family visit",
    "A week in the mountains",
    "Moving house",
    "School holidays",
    "",
    "",
    "Wedding of my sister",
)
_WAITING = 4


def tell(story: Story, demo: DemoCompany) -> None:
    """Grants the years that the story touches, then lets people ask and their managers decide."""
    hr = story.person(demo.players[0].email)
    _grant(story)
    source = random.Random(demo.slug)  # noqa: S311  # The same story every time, and no secret.
    cast = {player.email for player in demo.players}
    busy = story.members(demo.shift_team)
    for employee in story.everybody:
        if employee.id == hr.id or employee.email in cast:
            continue
        often = 2 if employee in busy else 1
        for first, length in sorted(source.sample(_STRETCHES, often)):
            offset = source.randrange(-3, 4)
            wish = _wish(story, first + offset, length, note=source.choice(_REASONS))
            _ask_and_decide(story, employee, wish, decider=story.line_manager(employee) or hr)
    _cast(story, demo, hr)


def _grant(story: Story) -> None:
    years = {story.today.year, story.today.year + 1, (story.today - timedelta(days=60)).year}
    uow = story.as_operator(days_ago=390)
    entitlements.ensure_grants(uow, [one.id for one in story.everybody], sorted(years))


def _wish(story: Story, first: int, length: int, *, note: str = "", half: bool = False) -> Wish:
    types = absence_requests.list_types(story.uow)
    start = _weekday(story.today + timedelta(days=first))
    end = start + timedelta(days=length - 1)
    part = Part.AM if half else Part.FULL
    return Wish(types[0].id, start, end, first_part=part, last_part=part, note=note)


def _weekday(day: date) -> date:
    """Weekends move to the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _ask_and_decide(
    story: Story, employee: Employee, wish: Wish, *, decider: Employee | None, approved: bool = True
) -> bool:
    """False when the rules would not let the person have it; without a decider it keeps waiting."""
    days_ago = max(3, (story.today - wish.start_date).days + 14)
    uow = story.as_(employee, days_ago=days_ago)
    try:
        with uow.session.begin_nested():
            absence = absence_requests.request(uow, uuid4(), wish)
    except Refusal:
        return False
    if decider is None or decider.id == employee.id:
        return True
    uow = story.as_(decider, days_ago=days_ago - 1)
    if approved:
        absences.approve(uow, absence.id, version=absence.version)
    else:
        absences.reject(
            uow, absence.id, version=absence.version, note="Three of you are away that week already."
        )
    return True


def _cast(story: Story, demo: DemoCompany, hr: Employee) -> None:
    """What the first visitor finds: requests that wait for the manager, and a past of one's own."""
    manager = story.person(demo.players[1].email)
    reports = [one for one in story.everybody if story.line_manager(one) == manager]
    waiting = 0
    others = [one for one in reversed(reports) if one.email not in {player.email for player in demo.players}]
    for number, employee in enumerate(others):
        if waiting < _WAITING:
            waiting += _wait_for_decision(story, employee, number)
    for player in demo.players:
        if player.roles:
            continue
        employee = story.person(player.email)
        decider = story.line_manager(employee) or hr
        _ask_and_decide(story, employee, _wish(story, -33, 5, note="A week by the lake"), decider=decider)
        _ask_and_decide(story, employee, _wish(story, 12, 1, half=True, note="Dentist"), decider=decider)
        _ask_and_decide(story, employee, _wish(story, 55, 3), decider=decider, approved=False)


def _wait_for_decision(story: Story, employee: Employee, number: int) -> bool:
    """A request that nobody has decided; a later one where the person is away already or only holidays are left."""
    return any(
        _ask_and_decide(
            story,
            employee,
            _wish(
                story, 20 + 5 * number + later, 3 + number % 3, note=_REASONS[number % 4], half=number == 2
            ),
            decider=None,
        )
        for later in (0, 9, 18, 27)
    )
