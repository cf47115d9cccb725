"""What becomes of a report: accepted by HR, made longer, ended earlier, or taken back with all that it did."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStep, next_status, refuse_own
from portal.domain.periods import check_range
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.sickness import may_undo
from portal.models.absence import Absence, AbsencePart
from portal.services import absence_effects, absence_postings, absence_pricing, access, audit
from portal.services.absence_wishes import Wish
from portal.services.sickness import displacing, finding, letters, reporting
from portal.services.sickness.displacing import Displaced
from portal.services.sickness.reporting import Reported

_ONE_DAY = timedelta(days=1)


def accept(uow: UnitOfWork, absence_id: UUID, *, version: int) -> Absence:
    """HR has seen it: through its last day as it is now."""
    absence = finding.locked(uow, absence_id, Permission.SICKNESS_MANAGE, version=version)
    refuse_own(uow.actor.employee_id, absence.employee_id)
    absence.accepted_through = absence.end_date
    absence.accepted_by_id, absence.accepted_at = uow.actor.employee_id, uow.clock.now()
    absence.version += 1
    audit.record(uow, audit.Action.ABSENCE_ACCEPTED, subject=absence)
    return absence


def extend(uow: UnitOfWork, absence_id: UUID, end_date: date, *, version: int) -> Reported:
    """Ill for longer. What HR had accepted stays accepted; the new days wait for them."""
    absence = finding.locked(uow, absence_id, Permission.SICKNESS_REPORT, version=version)
    if end_date <= absence.end_date:
        raise Refusal(Reason.SICKNESS_NOT_LONGER, field="end_date")
    kind, rules = finding.kind_and_rules(uow, absence)
    check_range(absence.start_date, end_date)
    if rules.longest_days is not None and (end_date - absence.start_date).days >= rules.longest_days:
        raise Refusal(Reason.PERIOD_TOO_LONG, field="end_date", limit_days=rules.longest_days)
    wish = Wish(absence.absence_type_id, absence.end_date + _ONE_DAY, end_date)
    plan = absence_pricing.work_out(uow, absence.employee_id, wish, reported=True)
    reporting.refuse_problem_of(plan)
    displaced, charges = reporting.prolong(uow, absence, plan)
    dated = [(one.part.date, one.amount) for one in charges if one.amount]
    absence_postings.consume(uow, absence, kind, rules, dated)
    absence.end_date = end_date
    absence.charge += plan.cost.total
    absence.version += 1
    audit.record(uow, audit.Action.ABSENCE_EXTENDED, subject=absence)
    absence_effects.counts_now(uow, absence)
    letters.tell_of_change(uow, absence, letters.EXTENDED)
    return Reported(absence, displaced)


def end_earlier(uow: UnitOfWork, absence_id: UUID, last_day: date, *, version: int) -> Reported:
    """Back sooner than thought. Time off on the days that fall away comes back, with its cost."""
    absence = finding.locked(uow, absence_id, Permission.SICKNESS_REPORT, version=version)
    earliest = absence.start_date
    if finding.is_own(uow, absence):  # days that are long over are HR's to change
        earliest = max(earliest, min(uow.today(), absence.end_date) - _ONE_DAY)
    latest = absence.end_date - _ONE_DAY
    if not earliest <= last_day <= latest:
        raise Refusal(Reason.SICKNESS_NOT_SHORTER, field="end_date", earliest=earliest, latest=latest)
    query = select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.date > last_day)
    gone = uow.session.scalars(query).all()
    absence_postings.give_back(uow, absence, [part.date for part in gone])
    for part in gone:
        uow.session.delete(part)
    absence.end_date = last_day
    absence.charge -= sum(part.charge for part in gone)
    absence.version += 1
    back = displacing.take_back(uow, absence, after=last_day)
    audit.record(uow, audit.Action.ABSENCE_SHORTENED, subject=absence)
    absence_effects.given_up(uow, absence)
    letters.tell_of_change(uow, absence, letters.SHORTENED)
    return Reported(absence, back)


def undo(uow: UnitOfWork, absence_id: UUID, *, version: int) -> list[Displaced]:
    """As if it had not been reported: the time is free, and whatever gave way is there again."""
    absence = finding.locked(uow, absence_id, Permission.SICKNESS_REPORT, version=version)
    allowed = may_undo(
        absence.accepted_through,
        own=finding.is_own(uow, absence),
        reports=True,
        manages=access.may_reach(uow, Permission.SICKNESS_MANAGE, absence.employee_id),
    )
    if not allowed:
        raise Refusal(Reason.SICKNESS_ALREADY_ACCEPTED)
    absence_postings.give_back(uow, absence)
    absence.status = next_status(absence.status, AbsenceStep.CANCEL)
    absence.decided_by_id, absence.decided_at = uow.actor.employee_id, uow.clock.now()
    absence.version += 1
    for part in uow.session.scalars(select(AbsencePart).where(AbsencePart.absence_id == absence.id)):
        part.live = False
    back = displacing.take_back(uow, absence)
    audit.record(uow, audit.Action.ABSENCE_REPORT_UNDONE, subject=absence)
    absence_effects.given_up(uow, absence)
    letters.tell_of_change(uow, absence, letters.UNDONE)
    return back
