"""A person's ledger as of any day: what stood then, and for a day to come what is due, carried over and lapses by it.

Nothing here writes. What is shown of the future is worked out by the same rules that will post it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.entitlement_plans import Plan, plan_on
from portal.domain.ledger import Bucket, Entry
from portal.domain.refusals import Reason, Refusal
from portal.domain.year_ends import lapses_of, settle
from portal.models.ledger_entry import LedgerEntry
from portal.services import accruals, entitlement_plans
from portal.services.balances import Ledger, LedgerRow, TypeFacts
from portal.services.ledger_rules import LAPSE, YEAR_END_EXPECTED, other_rule, read_rule

EARLIEST = date(2000, 1, 1)
LOOK_AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Figure:
    """What one bucket holds on the day."""

    kind: TypeFacts
    bucket: Bucket
    amount: int


@dataclass(frozen=True)
class AsOf:
    """The rows up to a day, those still to come last, and what they add up to."""

    day: date
    figures: list[Figure]
    rows: list[LedgerRow]

    @property
    def projected(self) -> bool:
        return any(row.projected for row in self.rows)


def as_of(uow: UnitOfWork, opened: Ledger, day: date) -> AsOf:
    """The ledger as it is known now, up to and including a day."""
    latest = uow.today() + LOOK_AHEAD
    if not EARLIEST <= day <= latest:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="as_of", earliest=EARLIEST, latest=latest)
    rows = [row for row in opened.rows if row.effective_date <= day]
    if day > uow.today():
        rows += _to_come(uow, opened, day)
    held: dict[tuple[UUID, Bucket], int] = {}
    kinds = {row.type.id: row.type for row in rows}
    shown = []
    for row in rows:
        key = row.type.id, row.bucket
        held[key] = held.get(key, 0) + row.amount
        shown.append(row.after(held[key]))
    figures = [
        Figure(kinds[type_id], bucket, amount)
        for (type_id, bucket), amount in held.items()
        if bucket.usable_on(day)
    ]
    figures.sort(key=lambda one: (one.kind.key, one.bucket.use_order))
    return AsOf(day, figures, shown)


def held_on(uow: UnitOfWork, day: date) -> dict[tuple[UUID, UUID], int]:
    """What everybody could use on a day, by person and type; one statement."""
    entry = LedgerEntry
    query = (
        select(entry.employee_id, entry.absence_type_id, func.sum(entry.amount))
        .where(entry.effective_date <= day, entry.usable_from <= day, entry.usable_through >= day)
        .group_by(entry.employee_id, entry.absence_type_id)
    )
    return {(person, kind): int(amount) for person, kind, amount in uow.session.execute(query)}


def _to_come(uow: UnitOfWork, opened: Ledger, day: date) -> list[LedgerRow]:
    """Only types with a plan have a future that can be worked out."""
    planned = entitlement_plans.plans(uow)
    if not planned:
        return []
    kinds = {row.type.id: row.type for row in opened.rows}
    found: list[LedgerRow] = []
    due = [one for one in accruals.due_by(uow, [opened.employee_id], planned, day) if one[1] in kinds]
    for type_id, versions in planned.items():
        if type_id not in kinds:
            continue
        mine = [one.entry for _, of, one in due if of == type_id and one.entry.effective_date <= day]
        rules = [one.rule for _, of, one in due if of == type_id and one.entry.effective_date <= day]
        entries = [_entry(row) for row in opened.rows if row.type.id == type_id]
        plans = [plan for _, plan in versions.values()]
        ends = _ends(uow, [*entries, *mine], plans, day)
        dated = [*zip(mine, rules, strict=True), *ends]
        rows = (_row(uow, kinds[type_id], entry, rule) for entry, rule in dated)
        found += [row for row in rows if row.effective_date <= day]
    return sorted(found, key=lambda row: row.effective_date)


def _ends(uow: UnitOfWork, entries: list[Entry], plans: Iterable[Plan], day: date) -> list[tuple[Entry, str]]:
    """Year after year what is settled, and then what lapses of what was carried over."""
    found: list[tuple[Entry, str]] = []
    plans = list(plans)
    last = plan_on(plans, day)
    if last is None:
        return []
    for year in range(last.year_of(uow.today()) - 1, last.year_of(day)):
        plan = plan_on(plans, last.last_day(year))
        if plan is not None and plan.last_day(year) < day:
            rule = other_rule(YEAR_END_EXPECTED, year=year)
            found += [(one, rule) for one in settle(plan, year, [*entries, *(e for e, _ in found)]).entries]
            known = [*entries, *(one for one, _ in found)]
            found += [
                (one, other_rule(LAPSE, through=one.bucket.usable_through.isoformat()))
                for one in lapses_of(known, plan, day)
            ]
    return found


def _entry(row: LedgerRow) -> Entry:
    return Entry(row.kind, row.bucket, row.amount, row.effective_date)


def _row(uow: UnitOfWork, kind: TypeFacts, entry: Entry, rule: str) -> LedgerRow:
    return LedgerRow(
        id=None,
        kind=entry.kind,
        type=kind,
        bucket=entry.bucket,
        effective_date=entry.effective_date,
        amount=entry.amount,
        running=0,
        rule=read_rule(rule),
        reason="",
        absence_id=None,
        absence_dates=None,
        author=None,
        created_at=uow.clock.now(),
        projected=True,
    )
