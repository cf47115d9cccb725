"""Who has to agree to a request, in which order: steps by rule, and the route that one request takes through them.

Any kind of request can use it; what it is about, and who is meant by a line manager, services find out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.domain.refusals import Reason, Refusal

MOST_STEPS = 4
MOST_DAYS = 366
MOST_AGREEING = 20


class SubjectKind(StrEnum):
    """What a route can be about."""

    ABSENCE = "absence"
    OVERTIME = "overtime"


class ApproverKind(StrEnum):
    """By what a step finds its people, on the day the request is sent."""

    LINE_MANAGER = "line-manager"
    NEXT_MANAGER = "next-manager"
    ROLE = "role"
    PERSON = "person"
    HR = "hr"
    # Whoever may decide for a team of the person, or for the site where they work.
    TEAM_HEAD = "team-head"
    SITE_HEAD = "site-head"


class StepMode(StrEnum):
    """How many of the people of a step must agree; one who declines ends it either way."""

    ANY = "any"
    ALL = "all"
    # So many of them as the rule says, or all where there are fewer.
    SOME = "some"


class StepStatus(StrEnum):
    """Where a step of a route stands."""

    # Those before it come first.
    WAITING = "waiting"
    # It is its turn.
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    # The same human has agreed in an earlier step.
    SKIPPED = "skipped"
    # The request was over before it was its turn.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step as a company lays it down. Without conditions it always applies, else when any of them holds."""

    approver: ApproverKind
    #: The role or the person, where one is named.
    named_id: UUID | None = None
    mode: StepMode = StepMode.ANY
    longer_than_days: int | None = None
    notice_below_days: int | None = None
    below_zero: bool = False
    breaks_staffing: bool = False
    #: How many of its people, where the mode is "some".
    at_least: int | None = None
    #: Whom it asks when it finds nobody; None: those who decide for the whole company. Who are asked next in any case.
    if_nobody: ApproverKind | None = None
    if_nobody_named_id: UUID | None = None
    #: Or it counts as agreed, because there is nobody above the person.
    agreed_if_nobody: bool = False

    def __post_init__(self) -> None:
        if self.mode is StepMode.SOME and not (self.at_least and 2 <= self.at_least <= MOST_AGREEING):
            raise Refusal(Reason.STEP_NUMBER, field="at_least", least=2, most=MOST_AGREEING)
        for name in ("longer_than_days", "notice_below_days"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= MOST_DAYS:
                raise Refusal(Reason.STEP_NUMBER, field=name, least=0, most=MOST_DAYS)

    def applies(self, facts: RequestFacts) -> bool:
        limits = self.longer_than_days is not None or self.notice_below_days is not None
        if not limits and not self.below_zero and not self.breaks_staffing:
            return True
        return (
            (self.longer_than_days is not None and facts.amount > self.longer_than_days * 1000)
            or (self.notice_below_days is not None and facts.notice_days < self.notice_below_days)
            or (self.below_zero and facts.below_zero)
            or (self.breaks_staffing and facts.breaks_staffing)
        )


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What conditions ask about a request. `amount` in thousandths of a day."""

    amount: int
    notice_days: int
    below_zero: bool = False
    breaks_staffing: bool = False


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a route with the people who were found for it, in no order."""

    approver: ApproverKind
    mode: StepMode
    people: frozenset[UUID]
    at_least: int | None = None


def plan_route(
    found: Iterable[tuple[StepRule, Collection[UUID]]], *, owner_id: UUID, fallback: Collection[UUID]
) -> list[PlannedStep]:
    """Never the owner, and never nobody: who finds no one else asks those who decide for the whole company.

    Where not even they can, the step is left out; without any the request is decided by whoever's right reaches it.
    A step that counts as agreed when it finds nobody is left out as well.
    """
    steps = []
    for rule, people in found:
        others = frozenset(people) - {owner_id}
        if not others and not rule.agreed_if_nobody:
            others = frozenset(fallback) - {owner_id}
        if others:
            steps.append(PlannedStep(rule.approver, rule.mode, others, rule.at_least))
    return steps


def is_agreed(
    mode: StepMode, people: Collection[UUID], agreed: Collection[UUID], at_least: int | None = None
) -> bool:
    """Whether those who have agreed, here or in an earlier step, are enough."""
    given = set(people) & set(agreed)
    if mode is StepMode.SOME and at_least is not None:
        return len(given) >= min(at_least, len(set(people)))
    return bool(given) if mode is StepMode.ANY else given == set(people)
