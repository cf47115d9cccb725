"""Balances and the rows that make them: every figure is a sum of ledger rows less what waiting requests reserve.

Nothing here writes. What a decision posts is in absences.py, what is granted in entitlements.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    extract,
    false,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import Bucket, DatedAmount, Entry, EntryKind, after_waiting
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.entitlement_plan import EntitlementPlan
from portal.models.ledger_entry import LedgerEntry
from portal.services import absence_sight, access
from portal.services.ledger_rules import Rule, read_rule

#: So many days before an entitlement ends its last day is counted down to.
SOON = 92
_USED = {EntryKind.CONSUME, EntryKind.RELEASE}


@dataclass(frozen=True)
class TypeFacts:
    """A type of absence as pages name and draw it."""

    id: UUID
    key: str
    name: str
    code: str
    colour: str
    #: Whether its amounts are days or hours.
    counting: CountingMethod = CountingMethod.DAYS
    #: Whether hours worked longer are booked on it.
    takes_overtime: bool = False


@dataclass
class Balance:
    """One type and one bucket of it, in the unit of the type: a year's entitlement, or what was carried over."""

    kind: TypeFacts
    bucket: Bucket
    #: Grants, corrections and whatever else is not time off.
    granted: int = 0
    #: Approved and over, up to and including today.
    taken: int = 0
    #: Approved and still to come.
    planned: int = 0
    #: Waiting for a decision: reserved, not posted.
    requested: int = 0
    #: A plan gives it, and time off may be planned from what it has not given yet.
    earns_ahead: bool = False
    #: Days after today on which it can be used, where it is soon to end with something left; else None.
    days_left: int | None = None

    @property
    def carried(self) -> bool:
        """Whether it was earned in a year that is over."""
        return self.bucket.usable_from.year > self.bucket.origin_year

    @property
    def available(self) -> int:
        return self.granted - self.taken - self.planned - self.requested


@dataclass(frozen=True)
class LedgerRow:
    """One movement with its cause, its rule and its author."""

    #: None: not posted yet.
    id: UUID | None
    kind: EntryKind
    type: TypeFacts
    bucket: Bucket
    effective_date: date
    amount: int
    #: What the bucket held after this row.
    running: int
    rule: Rule
    reason: str
    absence_id: UUID | None
    absence_dates: tuple[date, date] | None
    #: None: the portal itself.
    author: str | None
    created_at: datetime
    #: Expected by the rules as they are now, and not posted.
    projected: bool = False

    @property
    def year(self) -> int:
        return self.bucket.origin_year

    def after(self, running: int) -> LedgerRow:
        return replace(self, running=running)


@dataclass(frozen=True)
class Ledger:
    """A person's balances, opened into their rows, oldest first."""

    employee_id: UUID
    name: str
    own: bool
    balances: list[Balance]
    rows: list[LedgerRow]


def balances_of(uow: UnitOfWork, employee_id: UUID) -> list[Balance]:
    """The person's balances by type and bucket; one long over is left out unless something waits in it."""
    found: dict[tuple[UUID, Bucket], Balance] = {}
    for kind, bucket, entry_kind, to_come, amount, ahead in _sums(uow, employee_id):
        balance = found.setdefault((kind.id, bucket), Balance(kind, bucket, earns_ahead=ahead))
        if entry_kind not in _USED:
            balance.granted += amount
        elif to_come:
            balance.planned -= amount
        else:
            balance.taken -= amount
    _reserve(found, _reserved_by_day(uow, employee_id))
    today = uow.today()
    current = [one for one in found.values() if one.bucket.usable_through >= today or one.requested]
    for one in current:
        rest = (one.bucket.usable_through - today).days
        one.days_left = rest if one.available > 0 and 0 <= rest <= SOON else None
    return sorted(current, key=lambda one: (one.kind.key, one.bucket.use_order))


def _reserve(found: Mapping[tuple[UUID, Bucket], Balance], waiting: Iterable[tuple[UUID, date, int]]) -> None:
    """Waiting requests take as approved ones would: what expires first is used first."""
    charges: dict[UUID, list[DatedAmount]] = {}
    for type_id, day, charge in waiting:
        charges.setdefault(type_id, []).append((day, charge))
    for type_id, asked in charges.items():
        held = {bucket: one.available for (of, bucket), one in found.items() if of == type_id}
        for bucket, left in after_waiting(held, asked).items():
            found[type_id, bucket].requested = held[bucket] - left


def ledger_of(uow: UnitOfWork, employee_id: UUID) -> Ledger:
    """All movements of a person whose ledger the actor may see."""
    employee = access.employee_for(uow, Permission.LEDGER_VIEW, employee_id)
    rows = _rows(uow, employee.id)
    own = employee.id == uow.actor.employee_id
    return Ledger(employee.id, employee.name, own, balances_of(uow, employee.id), rows)


def entries_of(
    uow: UnitOfWork, employee_id: UUID, type_id: UUID, *, absence_id: UUID | None = None
) -> list[Entry]:
    """The rows of one type, or of one absence, as the domain reckons with them."""
    query = select(LedgerEntry).where(
        LedgerEntry.employee_id == employee_id, LedgerEntry.absence_type_id == type_id
    )
    if absence_id is not None:
        query = query.where(LedgerEntry.absence_id == absence_id)
    return [entry_from(row) for row in uow.session.scalars(query)]


def entry_from(row: LedgerEntry) -> Entry:
    bucket = Bucket(row.origin_year, row.usable_from, row.usable_through)
    return Entry(row.kind, bucket, row.amount, row.effective_date)


def reserved(uow: UnitOfWork, employee_id: UUID, type_id: UUID) -> list[DatedAmount]:
    """What the waiting requests of one type would take, date by date."""
    query = (
        select(AbsencePart.date, func.sum(RESERVES))
        .join(Absence, _part_of)
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            Absence.employee_id == employee_id,
            Absence.absence_type_id == type_id,
            AbsencePart.charge > 0,
        )
        .group_by(AbsencePart.date)
    )
    return [(day, int(amount)) for day, amount in uow.session.execute(query)]


def _reserved_by_day(uow: UnitOfWork, employee_id: UUID) -> list[tuple[UUID, date, int]]:
    query = (
        select(Absence.absence_type_id, AbsencePart.date, func.sum(RESERVES))
        .join(Absence, _part_of)
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            Absence.employee_id == employee_id,
            AbsencePart.charge > 0,
        )
        .group_by(Absence.absence_type_id, AbsencePart.date)
        .order_by(AbsencePart.date)
    )
    return [(type_id, day, int(amount)) for type_id, day, amount in uow.session.execute(query)]


def left_by_year(uow: UnitOfWork, employee_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID, int], int]:
    """What is left by person, type and year, reservations taken off; years that were never granted are left out."""
    left: dict[tuple[UUID, UUID, int], int] = {}
    granted = set()
    for person, kind, year, amount, posted in uow.session.execute(_LEFT, {"people": list(employee_ids)}):
        key = person, kind, year
        left[key] = left.get(key, 0) + int(amount)
        if posted:
            granted.add(key)
    return {key: amount for key, amount in left.items() if key in granted}


def type_facts(row: AbsenceType) -> TypeFacts:
    takes_overtime = row.overtime_months is not None
    return TypeFacts(row.id, row.key, row.name, row.code, row.colour, row.counting, takes_overtime)


_BUCKET = LedgerEntry.origin_year, LedgerEntry.usable_from, LedgerEntry.usable_through
#: What a part of a waiting request holds back.
RESERVES = func.coalesce(AbsencePart.reserves, AbsencePart.charge)
_part_of = and_(AbsencePart.absence_id == Absence.id, AbsencePart.company_id == Absence.company_id)


def earns_ahead() -> ColumnElement[bool]:
    """Whether a plan gives the joined AbsenceType, and requests may use what it has not given yet."""
    plan = select(EntitlementPlan.id).where(EntitlementPlan.absence_type_id == AbsenceType.id)
    return and_(AbsenceType.uses_future_accrual, plan.correlate(AbsenceType).exists())


def _sums(uow: UnitOfWork, employee_id: UUID) -> list[tuple[TypeFacts, Bucket, EntryKind, bool, int, bool]]:
    to_come = LedgerEntry.effective_date > uow.today()
    query = (
        select(AbsenceType, *_BUCKET, LedgerEntry.kind, to_come, func.sum(LedgerEntry.amount), earns_ahead())
        .join(AbsenceType, AbsenceType.id == LedgerEntry.absence_type_id)
        .where(LedgerEntry.employee_id == employee_id, absence_sight.sees_type(uow, LedgerEntry.employee_id))
        .group_by(AbsenceType.company_id, AbsenceType.id, *_BUCKET, LedgerEntry.kind, to_come)
    )
    return [
        (type_facts(kind), Bucket(year, first, last), entry_kind, later, int(amount), bool(ahead))
        for kind, year, first, last, entry_kind, later, amount, ahead in uow.session.execute(query)
    ]


def _rows(uow: UnitOfWork, employee_id: UUID) -> list[LedgerRow]:
    author = aliased(Employee)
    query = (
        select(
            LedgerEntry,
            AbsenceType,
            Absence.start_date,
            Absence.end_date,
            author.first_name,
            author.last_name,
        )
        .join(AbsenceType, AbsenceType.id == LedgerEntry.absence_type_id)
        .outerjoin(Absence, Absence.id == LedgerEntry.absence_id)
        .outerjoin(author, author.id == LedgerEntry.author_id)
        .where(LedgerEntry.employee_id == employee_id, absence_sight.sees_type(uow, LedgerEntry.employee_id))
        .order_by(LedgerEntry.created_at, LedgerEntry.effective_date, LedgerEntry.kind, LedgerEntry.id)
    )
    running: dict[tuple[UUID, Bucket], int] = {}
    rows: list[LedgerRow] = []
    for entry, kind, start_date, end_date, first_name, last_name in uow.session.execute(query):
        key = kind.id, Bucket(entry.origin_year, entry.usable_from, entry.usable_through)
        running[key] = running.get(key, 0) + entry.amount
        rows.append(
            LedgerRow(
                id=entry.id,
                kind=entry.kind,
                type=type_facts(kind),
                bucket=key[1],
                effective_date=entry.effective_date,
                amount=entry.amount,
                running=running[key],
                rule=read_rule(entry.rule),
                reason=entry.reason,
                absence_id=entry.absence_id,
                absence_dates=(start_date, end_date) if entry.absence_id else None,
                author=f"{first_name} {last_name}" if last_name else None,
                created_at=entry.created_at,
            )
        )
    return rows


# Built once: putting these together costs more than running them.
_PEOPLE = bindparam("people", type_=ARRAY(Uuid))
_YEAR = cast(extract("year", AbsencePart.date), Integer)
#: What waiting requests take off and what the ledger holds: person, type, year, amount, and whether it is posted.
_RESERVED = (
    select(
        Absence.employee_id,
        Absence.absence_type_id,
        _YEAR.label("year"),
        (-func.sum(RESERVES)).label("amount"),
        false().label("posted"),
    )
    .join(AbsencePart, _part_of)
    .where(Absence.status == AbsenceStatus.REQUESTED, Absence.employee_id == any_(_PEOPLE))
    .group_by(Absence.employee_id, Absence.absence_type_id, _YEAR)
)
_USABLE_IN = cast(extract("year", LedgerEntry.usable_from), Integer)
_HELD = (
    select(
        LedgerEntry.employee_id,
        LedgerEntry.absence_type_id,
        # What was carried over counts for the year it can be used in.
        _USABLE_IN.label("year"),
        func.sum(LedgerEntry.amount).label("amount"),
        true().label("posted"),
    )
    .where(LedgerEntry.employee_id == any_(_PEOPLE))
    .group_by(LedgerEntry.employee_id, LedgerEntry.absence_type_id, _USABLE_IN)
)
_LEFT = union_all(_HELD, _RESERVED)
