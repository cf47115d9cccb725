"""The end of a year of entitlement: previewed person by person, approved, posted once, reversed if need be.

Posting works everything out again behind locks: whose figures have moved since the preview is left to the next run.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import and_, func, insert, or_, select, update

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.entitlement_plans import Plan, plan_on
from portal.domain.ledger import Bucket, Entry, EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.domain.year_ends import LineOutcome, RunStatus, Settlement, settle
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.models.year_end import YearEndLine, YearEndRun
from portal.services import access, audit, balances, entitlement_plans, queue
from portal.services.ledger_locks import lock
from portal.services.ledger_rules import YEAR_END, YEAR_END_REVERSED, other_rule

POST_TASK = "post_year_end"
#: More than these are left to a job.
MOST_AT_ONCE = 100
_BATCH = 500
_FIGURES = ("held_back", "carried", "protected", "lapsed", "owed", "written_off")


def preview(uow: UnitOfWork, type_id: UUID, year: int) -> UUID:
    """Works out everybody's line and keeps it; an older preview of the year is dropped for it."""
    _one_at_a_time(uow, type_id)
    plan = plan_for(uow, type_id, year)
    open_runs = select(YearEndRun).where(
        YearEndRun.absence_type_id == type_id,
        YearEndRun.year == year,
        YearEndRun.status.in_([RunStatus.DRAFT, RunStatus.ORDERED]),
    )
    for older in uow.session.scalars(open_runs.with_for_update()):
        if older.status is RunStatus.ORDERED:
            raise Refusal(Reason.YEAR_RUN_MOVED_ON)
        older.status = RunStatus.DROPPED
    uow.session.flush()
    found = settlements(uow, type_id, plan, year)
    run = YearEndRun(
        id=uuid4(),
        absence_type_id=type_id,
        year=year,
        status=RunStatus.DRAFT,
        people=len(found),
        done=0,
        made_by_id=uow.actor.employee_id,
    )
    uow.session.add(run)
    uow.session.flush()
    lines = [_line(uow, run.id, employee_id, one) for employee_id, one in found.items()]
    if lines:
        uow.session.execute(insert(YearEndLine.__table__), lines)  # type: ignore[arg-type]
    audit.record(uow, audit.Action.YEAR_END_PREVIEWED, subject=run)
    return run.id


def _one_at_a_time(uow: UnitOfWork, type_id: UUID) -> None:
    """Of two previews at once the later one has to find the run of the earlier: of a first one there is no row yet."""
    query = select(AbsenceType.id).where(AbsenceType.id == type_id)
    uow.session.execute(query.with_for_update(key_share=True))


def order(uow: UnitOfWork, run_id: UUID) -> None:
    """The yes to a preview: posted at once for some people, by a job for many."""
    run = _locked(uow, run_id, RunStatus.DRAFT)
    last = plan_for(uow, run.absence_type_id, run.year).last_day(run.year)
    if uow.today() <= last:
        raise Refusal(Reason.YEAR_NOT_OVER, last=last)
    run.status, run.posted_by_id = RunStatus.ORDERED, uow.actor.employee_id
    audit.record(uow, audit.Action.YEAR_END_ORDERED, subject=run)
    uow.session.flush()
    if run.people > MOST_AT_ONCE:
        queue.defer(uow, POST_TASK, run_id=str(run.id))
    else:
        _post(uow, run)


def post(uow: UnitOfWork, run_id: UUID) -> None:
    """The job. Done already, it does nothing."""
    query = select(YearEndRun).where(YearEndRun.id == run_id).with_for_update()
    run = uow.session.scalars(query).one_or_none()
    if run is not None and run.status is RunStatus.ORDERED:
        _post(uow, run)


def drop(uow: UnitOfWork, run_id: UUID) -> None:
    run = _locked(uow, run_id, RunStatus.DRAFT)
    run.status = RunStatus.DROPPED
    audit.record(uow, audit.Action.YEAR_END_DROPPED, subject=run)


def reverse(uow: UnitOfWork, run_id: UUID) -> None:
    """Turns every row of the run around. Carried days that were used leave a debt until the year is settled anew."""
    run = _locked(uow, run_id, RunStatus.POSTED)
    rows = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.run_id == run.id)).all()
    lock(uow, sorted({row.employee_id for row in rows}))
    rule = other_rule(YEAR_END_REVERSED, year=run.year)
    turned = [
        _entry(
            uow, run, row.employee_id, Entry(row.kind, _bucket(row), -row.amount, row.effective_date), rule
        )
        for row in rows
    ]
    if turned:
        uow.session.execute(insert(LedgerEntry.__table__), turned)  # type: ignore[arg-type]
    lines = update(YearEndLine).where(YearEndLine.run_id == run.id, YearEndLine.outcome == LineOutcome.POSTED)
    uow.session.execute(lines.values(outcome=LineOutcome.REVERSED))
    run.status, run.reversed_by_id, run.reversed_at = (
        RunStatus.REVERSED,
        uow.actor.employee_id,
        uow.clock.now(),
    )
    audit.record(uow, audit.Action.YEAR_END_REVERSED, subject=run)


def plan_for(uow: UnitOfWork, type_id: UUID, year: int) -> Plan:
    """The plan that held when the year ended."""
    versions = [plan for _, plan in entitlement_plans.plans(uow, type_id).get(type_id, {}).values()]
    latest = max(versions, key=lambda one: one.valid_from, default=None)
    found = plan_on(versions, latest.last_day(year)) if latest is not None and 2000 <= year < 2100 else None
    if found is None:
        raise Refusal(Reason.YEAR_HAS_NO_PLAN)
    return found


def settlements(
    uow: UnitOfWork, type_id: UUID, plan: Plan, year: int, employee_ids: Collection[UUID] | None = None
) -> dict[UUID, Settlement]:
    """What the end of the year does to everybody who works here, or to these; two queries for any number."""
    entry, last, starts = LedgerEntry, plan.last_day(year), plan.first_day(year + 1)
    carried_in = and_(
        entry.kind == EntryKind.CARRY_IN, entry.origin_year == year, entry.usable_from == starts
    )
    bucket = entry.origin_year, entry.usable_from, entry.usable_through
    query = (
        select(entry.employee_id, *bucket, func.sum(entry.amount))
        .join(Employee, Employee.id == entry.employee_id)
        .where(
            entry.absence_type_id == type_id,
            Employee.active,
            or_(entry.usable_through == last, carried_in),
        )
        .group_by(entry.employee_id, *bucket)
    )
    waiting = _waiting(uow, type_id, plan, year)
    if employee_ids is not None:
        query = query.where(entry.employee_id.in_(employee_ids))
    by_person: dict[UUID, list[Entry]] = {}
    for employee_id, origin, first, through, amount in uow.session.execute(query):
        kind = EntryKind.CARRY_IN if first == starts else EntryKind.GRANT
        one = Entry(kind, Bucket(origin, first, through), int(amount), first)
        by_person.setdefault(employee_id, []).append(one)
    found = {
        employee_id: settle(plan, year, entries, waiting=waiting.get(employee_id, 0))
        for employee_id, entries in by_person.items()
    }
    return {employee_id: one for employee_id, one in found.items() if one.left}


def _waiting(uow: UnitOfWork, type_id: UUID, plan: Plan, year: int) -> dict[UUID, int]:
    query = (
        select(Absence.employee_id, func.sum(balances.RESERVES))
        .join(
            AbsencePart,
            and_(AbsencePart.absence_id == Absence.id, AbsencePart.company_id == Absence.company_id),
        )
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            Absence.absence_type_id == type_id,
            AbsencePart.date.between(plan.first_day(year), plan.last_day(year)),
        )
        .group_by(Absence.employee_id)
    )
    return {employee_id: int(amount) for employee_id, amount in uow.session.execute(query)}


def _post(uow: UnitOfWork, run: YearEndRun) -> None:
    plan = plan_for(uow, run.absence_type_id, run.year)
    lines = uow.session.scalars(select(YearEndLine).where(YearEndLine.run_id == run.id)).all()
    lock(uow, sorted(line.employee_id for line in lines))
    found = settlements(uow, run.absence_type_id, plan, run.year)
    posted = 0
    for start in range(0, len(lines), _BATCH):
        batch = lines[start : start + _BATCH]
        as_seen = [line for line in batch if _same(line, found.get(line.employee_id))]
        rows = [
            _entry(uow, run, line.employee_id, entry, _rule(plan, run.year, found[line.employee_id]))
            for line in as_seen
            for entry in found[line.employee_id].entries
        ]
        if rows:
            uow.session.execute(insert(LedgerEntry.__table__), rows)  # type: ignore[arg-type]
        posted += len(as_seen)
        _mark(uow, as_seen, LineOutcome.POSTED)
        _mark(uow, [line for line in batch if line not in as_seen], LineOutcome.CHANGED)
    run.status, run.done, run.posted_at = RunStatus.POSTED, len(lines), uow.clock.now()
    audit.record(uow, audit.Action.YEAR_END_POSTED, subject=run, people=posted)


def _mark(uow: UnitOfWork, lines: Sequence[YearEndLine], outcome: LineOutcome) -> None:
    if lines:
        ids = [line.id for line in lines]
        uow.session.execute(update(YearEndLine).where(YearEndLine.id.in_(ids)).values(outcome=outcome))


def _same(line: YearEndLine, now: Settlement | None) -> bool:
    if now is None or now.left != line.rest:
        return False
    return all(getattr(now, figure) == getattr(line, figure) for figure in _FIGURES)


def _rule(plan: Plan, year: int, one: Settlement) -> str:
    figures = {figure: getattr(one, figure) for figure in _FIGURES}
    return other_rule(
        YEAR_END,
        year=year,
        plan=plan.valid_from.isoformat(),
        rest=one.left,
        cap=plan.carry_over.cap,
        **figures,
    )


def _line(uow: UnitOfWork, run_id: UUID, employee_id: UUID, one: Settlement) -> dict[str, object]:
    return {
        "company_id": uow.company.id,
        "id": uuid4(),
        "run_id": run_id,
        "employee_id": employee_id,
        "rest": one.left,
        **{figure: getattr(one, figure) for figure in _FIGURES},
        "outcome": LineOutcome.PLANNED,
    }


def _entry(uow: UnitOfWork, run: YearEndRun, employee_id: UUID, entry: Entry, rule: str) -> dict[str, object]:
    return {
        "company_id": uow.company.id,
        "id": uuid4(),
        "employee_id": employee_id,
        "absence_type_id": run.absence_type_id,
        "kind": entry.kind,
        "amount": entry.amount,
        "effective_date": entry.effective_date,
        "origin_year": entry.bucket.origin_year,
        "usable_from": entry.bucket.usable_from,
        "usable_through": entry.bucket.usable_through,
        "run_id": run.id,
        "rule": rule,
        "reason": "",
        "author_id": uow.actor.employee_id or run.posted_by_id,
    }


def _bucket(row: LedgerEntry) -> Bucket:
    return Bucket(row.origin_year, row.usable_from, row.usable_through)


def _locked(uow: UnitOfWork, run_id: UUID, status: RunStatus) -> YearEndRun:
    run = access.one_or_refuse(uow, select(YearEndRun).where(YearEndRun.id == run_id).with_for_update())
    if run.status is not status:
        raise Refusal(Reason.YEAR_RUN_MOVED_ON)
    return run
