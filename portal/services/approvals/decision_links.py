"""Links in letters to approvers that open one decision: signed, for one person, one request as it then was, one time.

Nothing is kept of them. The signature covers who it is for and at which address, and what the request says; so a link
dies with the decision, with any change of the request, with its step, and with a new address of its reader. What they
may do is asked again when the link is used. It opens no session and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ScalarSelect, String, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import StepStatus, SubjectKind
from portal.domain.overtime import OvertimeStatus
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.approval import ApprovalStep
from portal.models.employee import Employee
from portal.models.overtime_credit import OvertimeCredit
from portal.models.role import RoleGrant, RolePermission
from portal.services import own_factors, sign_in_policy, stored_grants
from portal.services.approvals.subjects import Request, kind_of

#: From the day on which it became the reader's turn. Longer than any holiday of a reader without a deputy should be.
LIFETIME = timedelta(days=14)
_PURPOSE = "decision-link"
#: Where the pages of each kind of request lie.
_PAGES = {SubjectKind.ABSENCE: "absences", SubjectKind.OVERTIME: "overtime"}
_SIGNATURE = 16  # bytes: 128 bits


@dataclass(frozen=True)
class Link:
    """Where a letter leads, and until when."""

    address: str
    expires_at: datetime


@dataclass(frozen=True)
class Holder:
    """For whom a good link is. `signs_in`: a letter alone is not enough where the company, or the person, asks for
    more than a password: single sign-on or a second factor.
    """

    actor: Actor
    signs_in: bool


@dataclass(frozen=True)
class Standing:
    """What the request says now, and since when it is somebody's turn."""

    digest: str
    since: datetime


def make(uow: UnitOfWork, request: Request, reader: Employee) -> Link:
    """A link for this reader. It decides nothing by itself: whether it is their turn is asked when they use it."""
    uow.session.flush()
    kind = kind_of(request)
    standing = _STANDING[kind](uow, request.id)
    assert standing is not None  # noqa: S101  # the letter is about a request that waits
    key = uow.outside.master_keys.derive(_PURPOSE)
    signature = _sign(key, bound_to(uow, kind, request.id, reader, standing))
    token = base64.urlsafe_b64encode(reader.id.bytes + signature).decode()
    page = f"{uow.outside.url}/c/{uow.company.slug}/{_PAGES[kind]}/{request.id}"
    return Link(f"{page}/decision/{token.rstrip('=')}", standing.since + LIFETIME)


def holder(
    uow: UnitOfWork, request_id: UUID, token: str, *, kind: SubjectKind = SubjectKind.ABSENCE
) -> Holder:
    """For whom the link is, with everything they may do now. Looking uses nothing up: mail scanners look."""
    reader_id, signature = read(token)
    found = uow.session.execute(
        select(Employee, stored_grants.as_array())
        .outerjoin(RoleGrant, RoleGrant.employee_id == Employee.id)
        .outerjoin(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(Employee.id == reader_id, Employee.active)
        .group_by(Employee.company_id, Employee.id)
    ).one_or_none()
    standing = _STANDING[kind](uow, request_id)
    if found is None or standing is None or standing.since + LIFETIME <= uow.clock.now():
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    reader, pairs = found
    if not is_signed(uow, bound_to(uow, kind, request_id, reader, standing), signature):
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    zone = reader.time_zone or uow.company.time_zone
    actor = Actor(
        reader.id, reader.name, reader.email, reader.language, zone, grants=stored_grants.read(pairs)
    )
    return Holder(actor, signs_in(uow, reader.id))


def signs_in(uow: UnitOfWork, reader_id: UUID) -> bool:
    """Who reads the mail can set a new password with it, and no more; so can a link. What stands beyond stays."""
    return sign_in_policy.current(uow).sso_required or own_factors.standing(uow, reader_id).needed


def _standing_of_absence(uow: UnitOfWork, absence_id: UUID) -> Standing | None:
    """None: it does not wait."""
    parts = days_said(AbsencePart.live)
    is_open = (ApprovalStep.absence_id == Absence.id) & (ApprovalStep.status == StepStatus.OPEN)
    query = (
        select(Absence.absence_type_id, Absence.note, Absence.requested_at, parts, ApprovalStep)
        .outerjoin(ApprovalStep, is_open)
        .where(Absence.id == absence_id, Absence.status == AbsenceStatus.REQUESTED)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        return None
    type_id, note, requested_at, days = found[:4]
    step: ApprovalStep | None = found[4]
    since = step.opened_at if step is not None and step.opened_at is not None else requested_at
    return standing_of_absence(type_id, note, step.id if step else None, days, since)


def standing_of_absence(
    type_id: UUID, note: str | None, step_id: UUID | None, days: Sequence[str] | None, since: datetime
) -> Standing:
    said = "\n".join([str(type_id), note or "", str(step_id or ""), *(days or ())])
    return Standing(hashlib.sha256(said.encode()).hexdigest(), since)


def days_said(*which: InstrumentedAttribute[bool]) -> ScalarSelect[Any]:
    """The days of the Absence beside it, in the words that are signed."""
    part = func.concat_ws(
        "|",
        AbsencePart.date,
        AbsencePart.part,
        AbsencePart.starts_minute,
        AbsencePart.ends_minute,
        AbsencePart.charge,
    )
    ordered = aggregate_order_by(part, AbsencePart.date, AbsencePart.id)
    query = select(func.array_agg(ordered, type_=ARRAY(String)))
    return query.where(AbsencePart.absence_id == Absence.id, *which).correlate(Absence).scalar_subquery()


def _standing_of_overtime(uow: UnitOfWork, credit_id: UUID) -> Standing | None:
    """The same of hours that somebody worked longer."""
    row = OvertimeCredit
    is_open = (ApprovalStep.overtime_credit_id == row.id) & (ApprovalStep.status == StepStatus.OPEN)
    query = (
        select(row, ApprovalStep)
        .outerjoin(ApprovalStep, is_open)
        .where(row.id == credit_id, row.status == OvertimeStatus.PROPOSED)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        return None
    hours = found[0]
    step: ApprovalStep | None = found[1]
    since = step.opened_at if step is not None and step.opened_at is not None else hours.proposed_at
    return standing_of_hours(hours, step.id if step is not None else None, since)


def standing_of_hours(hours: OvertimeCredit, step_id: UUID | None, since: datetime) -> Standing:
    words = hours.absence_type_id, hours.worked_on, hours.worked_minutes, hours.note, step_id
    return Standing(hashlib.sha256("\n".join(map(str, words)).encode()).hexdigest(), since)


_STANDING: dict[SubjectKind, Callable[[UnitOfWork, UUID], Standing | None]] = {
    SubjectKind.ABSENCE: _standing_of_absence,
    SubjectKind.OVERTIME: _standing_of_overtime,
}


def bound_to(
    uow: UnitOfWork, kind: SubjectKind, request_id: UUID, reader: Employee, standing: Standing
) -> bytes:
    """All that the signature covers. Links to time off are older than other kinds, and name none."""
    said = f"{uow.company.id}|{request_id}|{reader.id}|{reader.email}|{standing.digest}"
    return (said if kind is SubjectKind.ABSENCE else f"{kind}|{said}").encode()


def is_signed(uow: UnitOfWork, bound: bytes, signature: bytes) -> bool:
    """By the master key of today, or by one from before a rotation."""
    found = False
    for key in uow.outside.master_keys.derive_all(_PURPOSE):
        found |= hmac.compare_digest(_sign(key, bound), signature)
    return found


def _sign(key: bytes, bound: bytes) -> bytes:
    return hmac.digest(key, bound, "sha256")[:_SIGNATURE]


def read(token: str) -> tuple[UUID, bytes]:
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except (ValueError, binascii.Error):
        raise Refusal(Reason.LINK_NO_LONGER_VALID) from None
    if len(raw) != 16 + _SIGNATURE:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    return UUID(bytes=raw[:16]), raw[16:]
