"""What a wish for time off costs, day by day, and what stands against it. Nothing here writes.

Sending it is in absence_requests.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, charge_of
from portal.domain.absence_types import TypeRules, check_wish
from portal.domain.carried_ahead import refuse_short_of_carried
from portal.domain.ledger import DatedAmount, Entry, consumption
from portal.domain.months import days_between
from portal.domain.periods import DayPart, Part, overlap
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.services import balance_ahead, wish_facts
from portal.services.absence_wishes import (
    LONGEST_NOTE,
    DayCause,
    DayLine,
    OpenDate,
    Plan,
    Preview,
    Wish,
    YearBalance,
)
from portal.services.away import AwayColleague
from portal.services.balances import type_facts
from portal.services.wish_facts import WishFacts
from portal.services.working_time import working_time


def work_out(
    uow: UnitOfWork,
    me: UUID,
    wish: Wish,
    *,
    in_time: bool = True,
    reported: bool = False,
    instead_of: UUID | None = None,
) -> Plan:
    """The wish with its price and what stands against it; who enters it for others may be late with it.

    `instead_of`: an absence that gives way to it, with its time and with what it has taken.

    What is reported and not asked for comes late by nature, and other time off gives way to it.
    """
    if len(wish.note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    parts = wish.parts()
    facts = wish_facts.read(
        uow,
        me,
        wish.absence_type_id,
        wish.start_date,
        wish.end_date,
        instead_of=instead_of,
        named=wish.substitutes,
    )
    kind, rules, time = facts.kind, facts.rules, facts.time
    for field, day in (("start_date", wish.start_date), ("end_date", wish.end_date)):
        if not time.employed(day):
            raise Refusal(Reason.NO_EMPLOYMENT, field=field, date=day)
    problem = _against_rules(uow, kind, rules, wish, parts, in_time=in_time and not reported)
    if rules.sickness is not reported:
        reason = Reason.SICKNESS_IS_REPORTED if rules.sickness else Reason.NOT_FOUND
        raise Refusal(reason, field="absence_type_id")
    if not reported:
        problem = problem or _overlap(facts.held, parts)
    try:
        cost = time.cost_of(parts, kind.counting)
    except Refusal as costs_nothing:
        return Plan(facts, parts, Cost(()), (), problem or costs_nothing)
    years, too_much = _against_balance(facts, cost, uow.today())
    return Plan(facts, parts, cost, years, problem or too_much)


def _against_rules(
    uow: UnitOfWork, kind: AbsenceType, rules: TypeRules, wish: Wish, parts: list[DayPart], *, in_time: bool
) -> Refusal | None:
    """By the rules of the first day."""
    if kind.retired_on is not None and wish.end_date >= kind.retired_on:
        return Refusal(Reason.ABSENCE_TYPE_RETIRED, field="absence_type_id")
    if not in_time:
        rules = replace(rules, notice_days=0)
    return check_wish(rules, parts, start_date=wish.start_date, end_date=wish.end_date, today=uow.today())


def _overlap(held: Mapping[date, Sequence[DayPart]], parts: list[DayPart]) -> Refusal | None:
    """The database has the last word (an exclusion constraint); this one can say it kindly."""
    for part in parts:
        if any(overlap(part, other) for other in held.get(part.date, ())):
            return Refusal(Reason.ABSENCE_OVERLAPS, field="start_date", date=part.date)
    return None


def _year(
    entries: list[Entry],
    waiting: list[DatedAmount],
    ahead: list[Entry],
    carried: list[Entry],
    days: list[date],
    charge: int,
) -> YearBalance:
    """What is usable on the year's first day of the wish, carried over or of the year itself, less what waits.

    With what is still to be earned by its last day, and what the year before will carry over.
    """
    first, last = days[0], days[-1]
    held = sum(entry.amount for entry in entries if entry.bucket.usable_on(first))
    to_come = sum(one.amount for one in ahead if one.bucket.usable_on(first) and one.effective_date <= last)
    reserved = sum(amount for day, amount in waiting if day.year == first.year)
    brought = sum(one.amount for one in carried if one.bucket.usable_on(first))
    before = held + to_come + brought - reserved
    return YearBalance(first.year, before, charge, to_come, last, brought)


def _against_balance(
    facts: WishFacts, cost: Cost, today: date
) -> tuple[tuple[YearBalance, ...], Refusal | None]:
    """What each year has left, and the refusal if waiting requests and this one exceed it on any date."""
    rules, entries, waiting = facts.rules, facts.entries, facts.waiting
    if not rules.keeps_balance:
        return (), None
    charges = cost.by_date()
    through = balance_ahead.last_day(charges, waiting, entries)
    ahead = facts.ahead(through, today)
    carried = facts.carried(ahead, charges, through, today)
    days: dict[int, list[date]] = {}
    for day, _ in charges:
        days.setdefault(day.year, []).append(day)
    years = tuple(
        _year(entries, waiting, ahead, carried, days[year], charge) for year, charge in cost.by_year().items()
    )
    try:
        consumption([*entries, *ahead, *carried], charges, reserved=waiting, overdraft=rules.overdraft)
        refuse_short_of_carried(
            [*entries, *carried], [*entries, *facts.carried(ahead, (), through, today)], charges
        )
    except Refusal as refusal:
        # The domain stops at the first date that is short; the person wants to know how much is missing in all.
        short = sum(max(0, -one.after - rules.overdraft) for one in years)
        said = {"date": refusal.details["date"], "missing": short or refusal.details["missing"]}
        return years, Refusal(refusal.reason, field="end_date", **said, counting=facts.kind.counting)
    return years, None


def shown(plan: Plan) -> Preview:
    """A plan as a page shows it, with who of the person's teams is away then."""
    mates = plan.facts.mates
    lines = tuple(_line(plan, part, mates.on(part.date)) for part in plan.parts)
    return Preview(
        type_facts(plan.kind), lines, plan.years, plan.cost.total, mates.team_size, plan.problem, plan.facts
    )


def dates_between(uow: UnitOfWork, me: UUID, first: date, last: date) -> list[OpenDate]:
    """The person's days of a stretch: which are worked, and why others are not."""
    time = working_time(uow, me, first, last)
    found = []
    for day in days_between(first, last):
        names = ", ".join(holiday.name for holiday in time.holidays.get(day, ()))
        free = time.free.get(day, frozenset())
        costs = charge_of(DayPart(day), time.scheduled(day), free, shifts=time.shifts(day)) > 0
        found.append(OpenDate(day, names, worked=costs))
    return found


def _line(plan: Plan, part: DayPart, away: tuple[AwayColleague, ...]) -> DayLine:
    day, time = part.date, plan.time
    scheduled, free = time.scheduled(day), time.free.get(day, frozenset())
    shifts = time.shifts(day)
    amount = charge_of(part, scheduled, free, plan.kind.counting, time.worth(day), shifts)
    names = ", ".join(holiday.name for holiday in time.holidays.get(day, ()))
    if not time.employed(day):
        cause = DayCause.NOT_EMPLOYED
    elif names and amount == 0:
        cause = DayCause.HOLIDAY
    elif scheduled == 0:
        cause = DayCause.NO_WORK
    else:
        cause = DayCause.HALF_HOLIDAY if names else DayCause.WORK
    hours = tuple((one.starts, one.ends) for one in sorted(shifts)) if part.part is not Part.FULL else ()
    return DayLine(part, amount, cause, names, away, time.flexible(day) if amount else None, hours)
