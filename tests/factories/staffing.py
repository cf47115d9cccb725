"""Rules of staffing, made through the service as HR makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from portal.db import UnitOfWork
from portal.domain.staffing import (
    EVERY_WEEKDAY,
    Effect,
    Measure,
    Metric,
    Override,
    RulePart,
    Season,
    StaffingRule,
)
from portal.services.staffing import naming, rules
from portal.services.staffing.crowd import RuleFacts


def make_rule(
    uow: UnitOfWork,
    *,
    metric: Metric = Metric.MOST_AWAY,
    amount: int = 0,
    effect: Effect = Effect.BLOCK,
    measure: Measure = Measure.PEOPLE,
    name: str = "Enough of us",
    weekdays: frozenset[int] = EVERY_WEEKDAY,
    valid_from: date = date(2026, 1, 1),
    season: Season | None = None,
    hours: tuple[int, int] | None = None,
    override: Override = Override.RIGHT,
    emails: dict[RulePart, list[str]] | None = None,
    types: Sequence[UUID] = (),
    **whom: UUID | str | None,
) -> UUID:
    rule = StaffingRule(metric, measure, amount, effect, valid_from, None, weekdays, season, hours, override)
    named = naming.find(uow, emails or {}, types)
    rule_id = rules.create(uow, RuleFacts(uuid4(), name, rule, named=named, **whom))
    uow.session.flush()
    return rule_id
