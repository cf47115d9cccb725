"""Proofs of absences, such as sick notes: checked by content, sealed, and shown to their owner and to HR alone.

Whoever else sees the absence does not even learn whether there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import rules_on
from portal.domain.absences import ACTIVE, AbsenceStatus, refuse_own
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.scans import HELD, ScanState, refuse_held
from portal.domain.sickness import ProofState, proof_due_on, proof_state
from portal.integrations.file_types import Accepted, inspect
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.absence import Absence
from portal.models.absence_proof import AbsenceProof
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.employee import Employee
from portal.services import access, audit, queue, scanning, sealing, type_rules
from portal.services.documents import Download
from portal.services.ledger_locks import lock

MAX_BYTES = 10 * 1024 * 1024
MOST = 10
DELETE_TASK = "delete_proof"


#: An absence with its type, the rules of its first day where they were changed, and its files with who added them.
_PROOFS = (
    select(Absence, AbsenceType, AbsenceTypeVersion, AbsenceProof, Employee.first_name, Employee.last_name)
    .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
    .outerjoin(AbsenceTypeVersion, type_rules.in_force_on(Absence.start_date))
    .outerjoin(AbsenceProof, AbsenceProof.absence_id == Absence.id)
    .outerjoin(Employee, Employee.id == AbsenceProof.uploaded_by_id)
    .order_by(AbsenceProof.created_at, AbsenceProof.id)
)


@dataclass(frozen=True)
class ProofLine:
    """One file."""

    id: UUID
    file_name: str
    size_bytes: int
    added_at: datetime
    added_by: str
    accepted: bool
    can_remove: bool
    can_accept: bool
    scan_state: ScanState

    @property
    def held(self) -> bool:
        """Whether the antivirus keeps it from everybody."""
        return self.scan_state in HELD


@dataclass(frozen=True)
class Proofs:
    """The proofs of one absence for who may see them."""

    state: ProofState
    due_on: date | None
    overdue: bool
    lines: list[ProofLine]
    can_add: bool


def of_absence(uow: UnitOfWork, absence_id: UUID) -> Proofs | None:
    """None for whoever may not see them, and where none is needed and none is there."""
    if uow.actor.support is not None:  # nor may their database role read them
        return None
    rows = uow.session.execute(_PROOFS.where(Absence.id == absence_id, _may_see(uow))).all()
    if not rows:
        return None
    absence, kind = rows[0][:2]
    version: AbsenceTypeVersion | None = rows[0][2]
    rules = type_rules.rules_in(kind if version is None else version)
    due_on = proof_due_on(rules, absence.start_date, absence.end_date)
    own = absence.employee_id == uow.actor.employee_id
    files: list[tuple[AbsenceProof | None, str, str]] = [(row[3], row[4], row[5]) for row in rows]
    lines = [_line(one, f"{first} {last}", own=own) for one, first, last in files if one is not None]
    accepted = sum(line.accepted for line in lines)
    state = proof_state(due_on, there=len(lines), accepted=accepted)
    if state is ProofState.NOT_NEEDED and not absence.sick:
        return None
    overdue = state is ProofState.MISSING and due_on is not None and due_on < uow.today()
    can_add = absence.status in ACTIVE and len(lines) < MOST
    return Proofs(state, due_on if absence.status in ACTIVE else None, overdue, lines, can_add)


def states_of(
    uow: UnitOfWork, due: dict[UUID, date | None], absence_ids: Collection[UUID]
) -> dict[UUID, ProofState]:
    """For a list; the caller has looked who may see them. One statement."""
    accepted = func.count().filter(AbsenceProof.accepted_at.is_not(None))
    query = select(AbsenceProof.absence_id, func.count(), accepted).where(
        AbsenceProof.absence_id.in_(list(absence_ids))
    )
    counted = {
        row[0]: (row[1], row[2]) for row in uow.session.execute(query.group_by(AbsenceProof.absence_id))
    }
    found = {}
    for absence_id in absence_ids:
        there, good = counted.get(absence_id, (0, 0))
        found[absence_id] = proof_state(due.get(absence_id), there=there, accepted=good)
    return found


def due_dates(uow: UnitOfWork, absences: Collection[tuple[Absence, AbsenceType]]) -> dict[UUID, date | None]:
    """When each one's proof is due, by the rules of its first day."""
    versions = type_rules.versions_of(uow, {kind.id for _, kind in absences}) if absences else {}
    found = {}
    for absence, kind in absences:
        later = type_rules.dated_rules(versions.get(kind.id, []))
        rules = rules_on(type_rules.rules_in(kind), later, absence.start_date)
        found[absence.id] = proof_due_on(rules, absence.start_date, absence.end_date)
    return found


def add(uow: UnitOfWork, proof_id: UUID, absence_id: UUID, *, file_name: str, content: bytes) -> None:
    """By the owner or by HR. Sent twice with the same id, it is added once (T157)."""
    absence = _absence(uow, absence_id)
    accepted = inspect(file_name, content, max_bytes=MAX_BYTES)
    state = scanning.state_of(uow, accepted.content, file_name=accepted.safe_name, private_name=True)
    lock(uow, [absence.employee_id])
    there = set(uow.session.scalars(select(AbsenceProof.id).where(AbsenceProof.absence_id == absence.id)))
    if proof_id in there:
        return
    if absence.status not in ACTIVE:
        raise Refusal(Reason.ALREADY_DECIDED)
    if len(there) >= MOST:
        raise Refusal(Reason.PROOF_LIMIT, field="file", limit=MOST)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    _store(uow, proof_id, absence, accepted, state, by=uow.actor.employee_id)
    audit.record(uow, audit.Action.ABSENCE_PROOF_ADDED, subject=absence)


def accept(uow: UnitOfWork, proof_id: UUID) -> UUID:
    """HR says that it will do; answers whose absence it is. Nobody accepts their own."""
    proof, absence = _proof(uow, proof_id)
    refuse_own(uow.actor.employee_id, proof.employee_id)
    refuse_held(proof.scan_state)
    if proof.accepted_at is None:
        proof.accepted_by_id, proof.accepted_at = uow.actor.employee_id, uow.clock.now()
        audit.record(uow, audit.Action.ABSENCE_PROOF_ACCEPTED, subject=absence)
    return absence.id


def remove(uow: UnitOfWork, proof_id: UUID) -> UUID:
    """The wrong file. Owners remove what HR has not accepted; the file goes after the commit."""
    proof, absence = _proof(uow, proof_id)
    if proof.accepted_at is not None and proof.employee_id == uow.actor.employee_id:
        raise Refusal(Reason.SICKNESS_ALREADY_ACCEPTED)
    if proof.storage_key is not None:
        queue.defer(uow, DELETE_TASK, key=proof.storage_key)
    uow.session.delete(proof)
    audit.record(uow, audit.Action.ABSENCE_PROOF_REMOVED, subject=absence)
    return absence.id


def open_file(uow: UnitOfWork, proof_id: UUID) -> Download:
    """Unsealed and checked; who opened it stands in the log."""
    proof, absence = _proof(uow, proof_id)
    refuse_held(proof.scan_state)
    try:
        sealed = uow.outside.files.get(uow.company.id, UUID(proof.storage_key or ""))
        content = sealing.open_bytes(uow, sealed, row=AbsenceProof, column="content", row_id=proof.id)
    except (FileMissing, FileBroken, SealBroken, ValueError):
        content = b""
    if hashlib.sha256(content).digest() != proof.sha256:
        audit.record(uow, audit.Action.ABSENCE_PROOF_DAMAGED, subject=absence)
        uow.keep_when_refused = True
        raise Refusal(Reason.FILE_DAMAGED)
    audit.record(uow, audit.Action.ABSENCE_PROOF_OPENED, subject=absence)
    return Download(proof.file_name, proof.content_type, content)


def delete_file(uow: UnitOfWork, key: UUID) -> None:
    """After the proof was removed; called by the job."""
    uow.outside.files.delete(uow.company.id, key)


def _store(
    uow: UnitOfWork, proof_id: UUID, absence: Absence, accepted: Accepted, state: ScanState, *, by: UUID
) -> None:
    content = accepted.content  # pictures come back redrawn, without what the camera knew
    key = uuid4()
    sealed = sealing.seal(uow, content, row=AbsenceProof, column="content", row_id=proof_id)
    uow.undo.append(partial(uow.outside.files.delete, uow.company.id, key))
    uow.outside.files.put(uow.company.id, key, sealed)
    proof = AbsenceProof(
        id=proof_id,
        absence_id=absence.id,
        employee_id=absence.employee_id,
        file_name=accepted.safe_name,
        content_type=accepted.content_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).digest(),
        storage_key=str(key),
        scan_state=state,
        uploaded_by_id=by,
    )
    uow.session.add(proof)


def _absence(uow: UnitOfWork, absence_id: UUID) -> Absence:
    return access.one_or_refuse(uow, select(Absence).where(Absence.id == absence_id, _may_see(uow)))


def _proof(uow: UnitOfWork, proof_id: UUID) -> tuple[AbsenceProof, Absence]:
    query = select(AbsenceProof).join(Absence, Absence.id == AbsenceProof.absence_id)
    query = query.where(AbsenceProof.id == proof_id, _may_see(uow)).with_for_update(of=AbsenceProof)
    proof = access.one_or_refuse(uow, query)
    return proof, _absence(uow, proof.absence_id)


def _may_see(uow: UnitOfWork) -> ColumnElement[bool]:
    me = uow.actor.employee_id
    own = Absence.employee_id == me if me is not None else false()
    return or_(own, access.employees_within(uow, Permission.SICKNESS_MANAGE, Absence.employee_id))


def missing() -> ColumnElement[bool]:
    """No file is there for the joined Absence, which counts."""
    there = select(AbsenceProof.id).where(AbsenceProof.absence_id == Absence.id).exists()
    return and_(Absence.status == AbsenceStatus.APPROVED, ~there)


def _line(row: AbsenceProof, added_by: str, *, own: bool) -> ProofLine:
    accepted = row.accepted_at is not None
    return ProofLine(
        id=row.id,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        added_at=row.created_at,
        added_by=added_by,
        accepted=accepted,
        can_remove=not (own and accepted),
        can_accept=not own and not accepted and row.scan_state not in HELD,
        scan_state=row.scan_state,
    )
