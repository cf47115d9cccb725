"""Rules of staffing, made through the service as HR makes them."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from portal.db import UnitOfWork
from portal.domain.staffing import EVERY_WEEKDAY, Effect, Measure, Metric, StaffingRule
from portal.services.staffing import rules
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
    **whom: UUID | str | None,
) -> UUID:
    rule = StaffingRule(metric, measure, amount, effect, valid_from, weekdays=weekdays)
    rule_id = rules.create(uow, RuleFacts(uuid4(), name, rule, **whom))
    uow.session.flush()
    return rule_id
