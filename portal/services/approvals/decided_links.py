"""What the link of a letter can still say once its reader has decided: what, and when.

It says no more, as the letter may be with somebody else by now, and nothing to whoever is signed in as another person.
A link that was never good, is older than its time, or of a request that was changed since says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import SubjectKind
from portal.domain.overtime import OvertimeStatus
from portal.domain.refusals import Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.models.overtime_credit import OvertimeCredit
from portal.services.approvals import decision_links
from portal.services.approvals.decision_links import LIFETIME, Standing

_NO = {AbsenceStatus.REJECTED, OvertimeStatus.DECLINED}
_YES = {AbsenceStatus.APPROVED, OvertimeStatus.BOOKED}
_WAITS = {AbsenceStatus.REQUESTED, OvertimeStatus.PROPOSED}


@dataclass(frozen=True)
class OwnDecision:
    """Of the person whose link it is."""

    agreed: bool
    at: datetime
    #: Theirs.
    language: str = ""


def find(
    uow: UnitOfWork, request_id: UUID, token: str, *, kind: SubjectKind, here: UUID | None
) -> OwnDecision | None:
    """`here`: who is signed in. Without anybody, only where the letter alone was enough to decide."""
    try:
        reader_id, signature = decision_links.read(token)
    except Refusal:
        return None
    if here not in (None, reader_id):
        return None
    reader = uow.session.scalars(
        select(Employee).where(Employee.id == reader_id, Employee.active)
    ).one_or_none()
    if reader is None or (here is None and decision_links.signs_in(uow, reader_id)):
        return None
    past = _of_absence if kind is SubjectKind.ABSENCE else _of_overtime
    for decision, standing in past(uow, request_id, reader_id):
        bound = decision_links.bound_to(uow, kind, request_id, reader, standing)
        in_time = uow.clock.now() < standing.since + LIFETIME
        if in_time and decision_links.is_signed(uow, bound, signature):
            return replace(decision, language=reader.language)
    return None


def _of_absence(uow: UnitOfWork, absence_id: UUID, reader_id: UUID) -> Iterator[tuple[OwnDecision, Standing]]:
    """As it stood when they decided: its days are held no more once it is rejected."""
    query = (
        select(
            Absence,
            ApprovalStep,
            StepApprover,
            decision_links.days_said(AbsencePart.live).label("held"),
            decision_links.days_said().label("all_days"),
        )
        .outerjoin(ApprovalStep, ApprovalStep.absence_id == Absence.id)
        .outerjoin(StepApprover, _theirs(reader_id))
        .where(Absence.id == absence_id)
    )
    for row in uow.session.execute(query):
        absence, held, all_days = row[0], row.held, row.all_days
        step: ApprovalStep | None = row[1]
        mine: StepApprover | None = row[2]
        decision = _decision(absence, step, mine, reader_id)
        if decision is None:
            continue
        since = step.opened_at if step is not None and step.opened_at is not None else absence.requested_at
        for days in (held, all_days):
            yield (
                decision,
                decision_links.standing_of_absence(
                    absence.absence_type_id, absence.note, step.id if step is not None else None, days, since
                ),
            )


def _of_overtime(uow: UnitOfWork, credit_id: UUID, reader_id: UUID) -> Iterator[tuple[OwnDecision, Standing]]:
    query = (
        select(OvertimeCredit, ApprovalStep, StepApprover)
        .outerjoin(ApprovalStep, ApprovalStep.overtime_credit_id == OvertimeCredit.id)
        .outerjoin(StepApprover, _theirs(reader_id))
        .where(OvertimeCredit.id == credit_id)
    )
    for row in uow.session.execute(query):
        hours = row[0]
        step: ApprovalStep | None = row[1]
        mine: StepApprover | None = row[2]
        decision = _decision(hours, step, mine, reader_id)
        if decision is not None:
            since = step.opened_at if step is not None and step.opened_at is not None else hours.proposed_at
            yield (
                decision,
                decision_links.standing_of_hours(hours, step.id if step is not None else None, since),
            )


def _theirs(reader_id: UUID) -> ColumnElement[bool]:
    return and_(StepApprover.step_id == ApprovalStep.id, StepApprover.decided_by_id == reader_id)


def _decision(
    request: Absence | OvertimeCredit, step: ApprovalStep | None, mine: StepApprover | None, reader_id: UUID
) -> OwnDecision | None:
    """By their part in the step, or by the request itself where it has none. What was undone since is left out."""
    decided_last = request.decided_by_id == reader_id
    if request.status in _NO and decided_last and request.decided_at is not None:
        return OwnDecision(agreed=False, at=request.decided_at)
    if request.status not in _YES | _WAITS:
        return None
    if mine is not None and mine.decided_at is not None:
        return OwnDecision(agreed=True, at=mine.decided_at)
    if step is None and request.status in _YES and decided_last and request.decided_at is not None:
        return OwnDecision(agreed=True, at=request.decided_at)
    return None
