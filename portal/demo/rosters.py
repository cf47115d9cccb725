"""Three months of shifts: last and this month published, with a few later changes open, and next month drafted."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.demo.companies import FREE, DemoCompany
from portal.demo.story import Story
from portal.domain.months import Month, days_between
from portal.domain.refusals import Refusal
from portal.models import AbsencePart, Employee, Shift, Team
from portal.services import audit, roster_publishing, rosters, shifts
from portal.services.shift_rules import as_range
from portal.services.shift_templates import list_templates
from portal.services.shifts import Cell

#: Who leads or plans does not work in shifts.
_DAY_WORKERS = ("Head of", "Shift planner", "Shop planner")
#: Somebody in the list, days from today, and what they work then after the month was published.
_LATER_CHANGES = ((2, 1, "L"), (5, 2, ""), (7, 3, "E"), (9, 2, "N"))


def tell(story: Story, demo: DemoCompany) -> None:
    """The planner lays out each month in turn, and thinks again after publishing this one."""
    planner = story.person(demo.planner)
    team_id = story.uow.session.scalars(select(Team.id).where(Team.name == demo.shift_team)).one()
    people = [
        one for one in story.members(demo.shift_team) if not (one.job_title or "").startswith(_DAY_WORKERS)
    ]
    this_month = Month.of(story.today)
    for month, days_ago in ((this_month.previous(), 45), (this_month, 20), (this_month.next(), 1)):
        uow = story.as_(planner, days_ago=days_ago, at=time(11))
        roster_id = rosters.create(uow, team_id, month)
        _lay_out(story, demo, roster_id, month, people)
        if month == this_month.next():
            return
        seen = roster_publishing.preview(uow, roster_id).seen
        roster_publishing.publish(uow, roster_id, version=0, seen=seen)
        if month == this_month:
            story.as_(planner, days_ago=1)
            _think_again(story, roster_id, people)


def _think_again(story: Story, roster_id: UUID, people: list[Employee]) -> None:
    """Changes that the rules refuse, such as somebody who is away, are left.

    The last day stays: its night would reach into a month that is laid out without asking.
    """
    facts = rosters.roster_to_edit(story.uow, roster_id)
    for number, days, code in _LATER_CHANGES:
        day = min(story.today + timedelta(days=days), facts.end_date - timedelta(days=1))
        cell = Cell(people[number % len(people)].id, day)
        seen = [one.code for one in shifts.shifts_in(story.uow, facts, cell)]
        if code in seen:
            continue
        try:
            shifts.fill(story.uow, roster_id, cell, code, seen=seen)
        except Refusal:
            continue


def _lay_out(story: Story, demo: DemoCompany, roster_id: UUID, month: Month, people: list[Employee]) -> None:
    """Writes the month in one go, as a planner's thousand clicks would have left it."""
    uow = story.uow
    zone = ZoneInfo(demo.time_zone)
    templates = {one.code: one for one in list_templates(uow)}
    away = _days_off(story, month)
    for number, person in enumerate(people):
        for day in days_between(month.first_day, month.last_day):
            code = _turn(demo.turn, number, day)
            if code == FREE or (person.id, day) in away:
                continue
            moments = templates[code].times.on(day, zone)
            shift = Shift(
                roster_id=roster_id,
                employee_id=person.id,
                shift_template_id=templates[code].id,
                date=day,
                during=as_range(moments),
                paid_minutes=moments.paid_minutes,
            )
            uow.session.add(shift)
            audit.record(uow, audit.Action.SHIFT_ADDED, subject=shift, code=code)
    uow.session.flush()


def _days_off(story: Story, month: Month) -> set[tuple[UUID, date]]:
    query = select(AbsencePart.employee_id, AbsencePart.date).where(
        AbsencePart.live, AbsencePart.date.between(month.first_day, month.last_day)
    )
    return {(employee_id, day) for employee_id, day in story.uow.session.execute(query)}


def _turn(turn: str, number: int, day: date) -> str:
    """Everybody takes the same turn, each at another place of it, over the ends of months."""
    return turn[(day.toordinal() + number * 4) % len(turn)]
