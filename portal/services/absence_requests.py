"""Asking for time off: what a wish would cost, what stands in its way, and sending it.

The decision over a request is in absences.py. Whoever sends is always the person themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import Range

from portal.db import UnitOfWork
from portal.domain.absence_costs import DAY, Cost, CountingMethod, charge_of, cost_of
from portal.domain.absence_types import TypeRules, Unit, check_wish
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import RequestFacts
from portal.domain.ledger import DatedAmount, Entry, consumption
from portal.domain.months import days_between
from portal.domain.periods import DayPart, Part, bounds, each_once, expand, has_gaps, overlap
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.services import absence_letters, absences, access, audit, balances, entitlements, type_rules
from portal.services.absence_letters import VACATION
from portal.services.approvals import routes
from portal.services.away import AwayColleague, colleagues_away
from portal.services.balances import TypeFacts, type_facts
from portal.services.staffing import checks as staffing
from portal.services.working_time import WorkingTime, working_time

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Wish:
    """What somebody would like: a range of days, or single days with a part of each.

    Nothing here says for whom, that is always who asks.
    """

    absence_type_id: UUID
    start_date: date
    end_date: date
    first_part: Part = Part.FULL
    last_part: Part = Part.FULL
    note: str = ""
    #: Single days; without them it is the range.
    days: tuple[DayPart, ...] = ()

    @classmethod
    def of_days(cls, absence_type_id: UUID, days: Sequence[DayPart], note: str = "") -> Self:
        """A wish for just these days and parts, each day once."""
        ordered = tuple(each_once(days))
        first, last = ordered[0], ordered[-1]
        return cls(absence_type_id, first.date, last.date, note=note, days=ordered)

    def parts(self) -> list[DayPart]:
        if self.days:
            return each_once(self.days)
        return expand(self.start_date, self.end_date, first_part=self.first_part, last_part=self.last_part)


class DayCause(StrEnum):
    """Why a date costs what it costs."""

    WORK = "work"
    NO_WORK = "no-work"
    HOLIDAY = "holiday"
    HALF_HOLIDAY = "half-holiday"
    NOT_EMPLOYED = "not-employed"


@dataclass(frozen=True)
class DayLine:
    """One date of a wish: its price, the reason of the price, and who else is away."""

    part: DayPart
    amount: int
    cause: DayCause
    holiday: str
    away: tuple[AwayColleague, ...]


@dataclass(frozen=True)
class OpenDate:
    """A date to choose from; one that is not worked costs nothing and is not offered."""

    date: date
    holiday: str
    worked: bool


@dataclass(frozen=True)
class YearBalance:
    """What a year's entitlement has free before the wish, and after it."""

    year: int
    before: int
    charge: int

    @property
    def after(self) -> int:
        return self.before - self.charge


@dataclass(frozen=True)
class Preview:
    """A wish with all its consequences; `problem` is what would refuse it."""

    kind: TypeFacts
    lines: tuple[DayLine, ...]
    years: tuple[YearBalance, ...]
    total: int
    team_size: int
    problem: Refusal | None


@dataclass(frozen=True)
class Plan:
    """A wish worked out for one person."""

    kind: AbsenceType
    rules: TypeRules
    parts: list[DayPart]
    time: WorkingTime
    cost: Cost
    years: tuple[YearBalance, ...]
    problem: Refusal | None


def list_types(uow: UnitOfWork) -> list[TypeFacts]:
    """The types one can ask for."""
    offered = or_(AbsenceType.retired_on.is_(None), AbsenceType.retired_on > uow.today())
    query = select(AbsenceType).where(offered).order_by(AbsenceType.key != VACATION, AbsenceType.name)
    return [type_facts(row) for row in uow.session.scalars(query)]


def takes_hours(uow: UnitOfWork) -> bool:
    """Whether the company has a type of which hours can be asked for."""
    first = select(AbsenceType.id).where(AbsenceType.unit == Unit.HOUR)
    later = select(AbsenceTypeVersion.id).where(AbsenceTypeVersion.unit == Unit.HOUR)
    return bool(uow.session.scalar(select(or_(first.exists(), later.exists()))))


def dates_between(uow: UnitOfWork, first: date, last: date) -> list[OpenDate]:
    """The actor's own days of a stretch: which are worked, and why others are not."""
    time = working_time(uow, _who_asks(uow), first, last)
    found = []
    for day in days_between(first, last):
        names = ", ".join(holiday.name for holiday in time.holidays.get(day, ()))
        costs = charge_of(DayPart(day), time.scheduled(day), time.free.get(day, frozenset())) > 0
        found.append(OpenDate(day, names, worked=costs))
    return found


def preview(uow: UnitOfWork, wish: Wish) -> Preview:
    """What the wish would cost the actor, without writing anything. A wish that makes no sense is refused."""
    me = _who_asks(uow)
    return shown(uow, me, wish, work_out(uow, me, wish))


def shown(uow: UnitOfWork, me: UUID, wish: Wish, plan: Plan) -> Preview:
    """A plan as a page shows it, with who of the person's teams is away then."""
    mates = colleagues_away(uow, me, wish.start_date, wish.end_date)
    lines = tuple(_line(plan, part, mates.on(part.date)) for part in plan.parts)
    return Preview(type_facts(plan.kind), lines, plan.years, plan.cost.total, mates.team_size, plan.problem)


def request(uow: UnitOfWork, absence_id: UUID, wish: Wish) -> Absence:
    """Sends the wish. The id comes with the form, so that sending it twice makes one request (T157).

    The person's balance is locked from here to the commit: of two requests that together exceed it, the
    second one waits and is then refused (T153).
    """
    me = _who_asks(uow)
    entitlements.lock(uow, [me])
    sent = sent_before(uow, me, absence_id, wish)
    if sent is not None:
        return sent
    plan = work_out(uow, me, wish)
    if plan.problem is not None:
        raise plan.problem
    if plan.rules.needs_approval and not plan.kind.at_work:
        staffing.before_asking(uow, me, plan.parts, wish.note)
    absence = write_down(uow, me, absence_id, wish, plan, by=me)
    audit.record(uow, audit.Action.ABSENCE_REQUESTED, subject=absence)
    if plan.rules.needs_approval:
        _ask_for_approval(uow, absence, plan)
    else:
        absences.accept(uow, absence, plan.kind, rules=plan.rules)
    return absence


def _ask_for_approval(uow: UnitOfWork, absence: Absence, plan: Plan) -> None:
    """By the steps that the company lays down for the type, else the line manager."""
    uow.session.flush()
    facts = RequestFacts(
        amount=_in_days(absence.charge, plan.kind.counting),
        notice_days=(absence.start_date - uow.today()).days,
        below_zero=any(year.after < 0 for year in plan.years),
    )
    asked = routes.start(uow, absence, facts)
    if asked:
        absence_letters.ask_to_decide(uow, absence, plan.kind, asked)
    else:
        absence_letters.tell_manager_of_request(uow, absence, plan.kind)


def _in_days(amount: int, counting: CountingMethod) -> int:
    """Thousandths of a day; hours by the full week that grants of hours go by."""
    if counting is CountingMethod.DAYS:
        return amount
    return amount * DAY * entitlements.FULL_WEEK_DAYS // entitlements.FULL_WEEK_MINUTES


def _who_asks(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None or not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    return uow.actor.employee_id


def sent_before(uow: UnitOfWork, me: UUID, absence_id: UUID, wish: Wish) -> Absence | None:
    """The request that this form made already; a form that says something else by now is not sent again."""
    absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one_or_none()
    if absence is None:
        return None
    if absence.employee_id != me:
        raise Refusal(Reason.NOT_FOUND)
    same = (absence.start_date, absence.end_date) == (wish.start_date, wish.end_date)
    if not same or absence.absence_type_id != wish.absence_type_id:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return absence


def work_out(uow: UnitOfWork, me: UUID, wish: Wish, *, in_time: bool = True) -> Plan:
    """The wish with its price and what stands against it; who enters it for others may be late with it."""
    if len(wish.note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    parts = wish.parts()
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == wish.absence_type_id))
    time = working_time(uow, me, wish.start_date, wish.end_date)
    for field, day in (("start_date", wish.start_date), ("end_date", wish.end_date)):
        if not time.employed(day):
            raise Refusal(Reason.NO_EMPLOYMENT, field=field, date=day)
    rules = type_rules.rules_of(uow, kind, wish.start_date)
    problem = _against_rules(uow, kind, rules, wish, parts, in_time=in_time) or _overlap(uow, me, parts)
    try:
        cost = cost_of(parts, scheduled=time.scheduled, holidays=time.free, method=kind.counting)
    except Refusal as costs_nothing:
        return Plan(kind, rules, parts, time, Cost(()), (), problem or costs_nothing)
    years, too_much = _against_balance(uow, me, kind, rules, cost)
    return Plan(kind, rules, parts, time, cost, years, problem or too_much)


def _against_rules(
    uow: UnitOfWork, kind: AbsenceType, rules: TypeRules, wish: Wish, parts: list[DayPart], *, in_time: bool
) -> Refusal | None:
    """By the rules of the first day."""
    if kind.retired_on is not None and wish.end_date >= kind.retired_on:
        return Refusal(Reason.ABSENCE_TYPE_RETIRED, field="absence_type_id")
    if not in_time:
        rules = replace(rules, notice_days=0)
    return check_wish(rules, parts, start_date=wish.start_date, end_date=wish.end_date, today=uow.today())


def _overlap(uow: UnitOfWork, me: UUID, parts: list[DayPart]) -> Refusal | None:
    """The database has the last word (an exclusion constraint); this one can say it kindly."""
    start_date, end_date = bounds(parts)
    query = select(AbsencePart).where(
        AbsencePart.employee_id == me, AbsencePart.live, AbsencePart.date.between(start_date, end_date)
    )
    held: dict[date, list[DayPart]] = {}
    for row in uow.session.scalars(query):
        held.setdefault(row.date, []).append(DayPart(row.date, row.part, row.starts_minute, row.ends_minute))
    for part in parts:
        if any(overlap(part, other) for other in held.get(part.date, ())):
            return Refusal(Reason.ABSENCE_OVERLAPS, field="start_date", date=part.date)
    return None


def _year(entries: list[Entry], waiting: list[DatedAmount], first: date, charge: int) -> YearBalance:
    """What is usable on the year's first day of the wish, carried over or of the year itself, less what waits."""
    held = sum(entry.amount for entry in entries if entry.bucket.usable_on(first))
    reserved = sum(amount for day, amount in waiting if day.year == first.year)
    return YearBalance(first.year, held - reserved, charge)


def _against_balance(
    uow: UnitOfWork, me: UUID, kind: AbsenceType, rules: TypeRules, cost: Cost
) -> tuple[tuple[YearBalance, ...], Refusal | None]:
    """What each year has left, and the refusal if waiting requests and this one exceed it on any date."""
    if rules.yearly_entitlement is None:
        return (), None
    entries = balances.entries_of(uow, me, kind.id)
    waiting = balances.reserved(uow, me, kind.id)
    firsts = {day.year: day for day, _ in reversed(cost.by_date())}
    years = tuple(_year(entries, waiting, firsts[year], charge) for year, charge in cost.by_year().items())
    try:
        consumption(entries, cost.by_date(), reserved=waiting, overdraft=rules.overdraft)
    except Refusal as refusal:
        # The domain stops at the first date that is short; the person wants to know how much is missing in all.
        short = sum(max(0, -one.after - rules.overdraft) for one in years)
        facts = {"date": refusal.details["date"], "missing": short or refusal.details["missing"]}
        return years, Refusal(refusal.reason, field="end_date", **facts, counting=kind.counting)
    return years, None


def write_down(uow: UnitOfWork, me: UUID, absence_id: UUID, wish: Wish, plan: Plan, *, by: UUID) -> Absence:
    absence = Absence(
        id=absence_id,
        employee_id=me,
        absence_type_id=plan.kind.id,
        status=AbsenceStatus.REQUESTED,
        start_date=wish.start_date,
        end_date=wish.end_date,
        single_days=has_gaps(plan.parts),
        charge=plan.cost.total,
        note=wish.note.strip() or None,
        requested_by_id=by,
        requested_at=uow.clock.now(),
        version=1,
    )
    uow.session.add(absence)
    uow.session.flush()  # its parts refer to it
    for charge in plan.cost.charges:
        starts_at, ends_at = charge.part.local_interval
        uow.session.add(
            AbsencePart(
                absence_id=absence.id,
                employee_id=me,
                date=charge.part.date,
                part=charge.part.part,
                starts_minute=charge.part.starts_minute,
                ends_minute=charge.part.ends_minute,
                during=Range(starts_at, ends_at, bounds="[)"),
                charge=charge.amount,
                live=True,
            )
        )
    return absence


def _line(plan: Plan, part: DayPart, away: tuple[AwayColleague, ...]) -> DayLine:
    day, time = part.date, plan.time
    scheduled, free = time.scheduled(day), time.free.get(day, frozenset())
    amount = charge_of(part, scheduled, free, plan.kind.counting)
    names = ", ".join(holiday.name for holiday in time.holidays.get(day, ()))
    if not time.employed(day):
        cause = DayCause.NOT_EMPLOYED
    elif names and amount == 0:
        cause = DayCause.HOLIDAY
    elif scheduled == 0:
        cause = DayCause.NO_WORK
    else:
        cause = DayCause.HALF_HOLIDAY if names else DayCause.WORK
    return DayLine(part, amount, cause, names, away)
