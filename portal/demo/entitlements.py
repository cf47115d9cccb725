"""Study days by a plan, some of them carried over and soon to lapse; and long vacations that HR agrees to as well."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from portal.demo.companies import DemoCompany
from portal.demo.story import Story
from portal.domain.absence_types import TypeRules
from portal.domain.approvals import ApproverKind, StepRule
from portal.domain.entitlement_plans import CarryOver, Milestone, Plan, SeniorityUnit
from portal.domain.refusals import Refusal
from portal.models import Employee
from portal.services import (
    absence_requests,
    absence_types,
    absences,
    accruals,
    agreed_entitlements,
    entitlement_plans,
    line_managers,
    year_ends,
)
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.approvals import rules

_YEARLY, _LATER = 5_000, 7_000
_CARRIED = CarryOver(3_000)
#: What is carried over lapses so many days from now, within this year.
_LAPSES_IN = 40
#: Longer vacations need the yes of HR too.
_LONG_DAYS = 10
#: Behind the months whose shifts are planned.
_DAYS_AHEAD = range(98, 260, 7)


def tell(story: Story, demo: DemoCompany) -> None:
    """After everybody has asked for what they want, so that today's rules change no earlier story."""
    hr = story.person(demo.players[0].email)
    kind_id = _study_days(story, hr)
    _settle_last_year(story, hr, kind_id)
    accruals.post(story.as_operator(days_ago=0))
    players = [story.person(player.email) for player in demo.players if not player.roles]
    own = players[0] if players else next(one for one in story.everybody if one.id != hr.id)
    agreed_entitlements.agree(
        story.as_(hr, days_ago=20),
        own.id,
        kind_id,
        valid_from=date(story.today.year, 1, 1),
        yearly=8_000,
        reason="Training as a wound nurse, agreed in May",
    )
    _long_vacations(story, demo, hr)


def _study_days(story: Story, hr: Employee) -> UUID:
    first, today = date(story.today.year - 1, 1, 1), story.today
    uow = story.as_(hr, days_ago=(today - first).days)
    rest = TypeRules(yearly_entitlement=_YEARLY, colleagues_see=True)
    kind = absence_types.create(uow, TypeLook(name="Study days", code="L", colour="teal"), rest)
    uow.session.flush()
    last = min(today + timedelta(days=_LAPSES_IN), date(today.year, 12, 31))
    milestones = (Milestone(0, SeniorityUnit.YEARS, _YEARLY), Milestone(5, SeniorityUnit.YEARS, _LATER))
    carried = CarryOver(_CARRIED.cap, (last.month, last.day))
    entitlement_plans.change(uow, kind.id, Plan(first, milestones, carry_over=carried))
    uow.session.flush()
    accruals.post(uow)
    return kind.id


def _settle_last_year(story: Story, hr: Employee, kind_id: UUID) -> None:
    year = story.today.year - 1
    uow = story.as_(hr, days_ago=max(0, (story.today - date(year + 1, 1, 5)).days))
    year_ends.order(uow, year_ends.preview(uow, kind_id, year))


def _long_vacations(story: Story, demo: DemoCompany, hr: Employee) -> None:
    """One waits for the manager as its first step, another has their yes and waits for HR."""
    uow = story.as_(hr, days_ago=3)
    vacation = absence_requests.list_types(uow)[0].id
    steps = [
        StepRule(ApproverKind.LINE_MANAGER),
        StepRule(ApproverKind.HR, longer_than_days=_LONG_DAYS),
    ]
    rules.change(uow, vacation, steps, valid_from=uow.today())
    manager = story.person(demo.players[1].email)
    cast = {player.email for player in demo.players}
    led = line_managers.rows_of(uow, [one.id for one in story.everybody])
    asked = 0
    for employee in story.everybody:
        if (
            asked == 2
            or employee.email in cast
            or not any(row.manager_id == manager.id for row in led[employee.id])
        ):
            continue
        absence_id = _ask_for_long(story, employee, vacation)
        if absence_id is not None:
            asked += 1
            if asked == 1:
                absences.approve(story.as_(manager, days_ago=1), absence_id, version=1)


def _ask_for_long(story: Story, employee: Employee, type_id: UUID) -> UUID | None:
    """None where nothing so long is left or free."""
    monday = story.today + timedelta(days=7 - story.today.weekday())
    for later in _DAYS_AHEAD:
        start = monday + timedelta(days=later)
        wish = Wish(type_id, start, start + timedelta(days=18), note="Across the Alps on foot")
        uow = story.as_(employee, days_ago=2)
        try:
            with uow.session.begin_nested():
                return absence_requests.request(uow, uuid4(), wish).id
        except Refusal:
            continue
    return None
