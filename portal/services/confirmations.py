"""What people received: opening it, and confirming word for word that they have read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.distribution import Confirmation, Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.services import access, audit, documents


@dataclass(frozen=True)
class ReceivedDocument:
    """A version that was handed to the actor."""

    recipient_id: UUID
    title: str
    description: str
    number: int
    #: The newest version there is; greater than `number` when this one was replaced.
    latest: int
    file_name: str
    content_type: str
    size_bytes: int
    due_date: date | None
    received_at: datetime
    opened_at: datetime | None
    confirmed_at: datetime | None
    statement: str | None

    def overdue(self, today: date) -> bool:
        return self.confirmed_at is None and self.due_date is not None and self.due_date < today


def list_mine(uow: UnitOfWork) -> list[ReceivedDocument]:
    """Everything handed to the actor: what waits for a confirmation first, by due date."""
    rows = uow.session.execute(
        _received(uow).order_by(
            Confirmation.confirmed_at.desc().nulls_first(),
            Distribution.due_date,
            Distribution.distributed_at.desc(),
        )
    )
    return [ReceivedDocument(*row) for row in rows]


def get_mine(uow: UnitOfWork, recipient_id: UUID) -> ReceivedDocument:
    """One document handed to the actor; anything else is not found."""
    row = uow.session.execute(_received(uow).where(DistributionRecipient.id == recipient_id)).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    return ReceivedDocument(*row)


def open_mine(uow: UnitOfWork, recipient_id: UUID) -> documents.Download:
    """The file, noting when it was opened first. Opening is not confirming."""
    recipient = _my_recipient(uow, recipient_id)
    version = _version(uow, recipient)
    download = documents.open_file(uow, version)
    if recipient.opened_at is None:
        recipient.opened_at = uow.clock.now()
    return download


def confirm(uow: UnitOfWork, recipient_id: UUID, *, statement: str, language: str) -> None:
    """Keeps the actor's word that they have read this version; a second time changes nothing.

    `statement` is the sentence that the page showed, in its language.
    """
    recipient = _my_recipient(uow, recipient_id)
    if recipient.opened_at is None:
        raise Refusal(Reason.NOT_OPENED_YET)
    version = _version(uow, recipient)
    added = uow.session.execute(
        insert(Confirmation.__table__)  # type: ignore[arg-type]
        .values(
            company_id=uow.company.id,
            id=func.gen_random_uuid(),
            distribution_recipient_id=recipient.id,
            employee_id=uow.actor.employee_id,
            statement=statement,
            language=language,
            sha256=version.sha256,
            confirmed_at=uow.clock.now(),
            ip=uow.request.ip,
        )
        .on_conflict_do_nothing()
        .returning(Confirmation.__table__.c.id)
    ).one_or_none()
    if added is not None:
        facts = {
            "statement": statement,
            "sha256": version.sha256.hex(),
            "session": str(uow.request.session_id),
        }
        audit.record(uow, audit.Action.DOCUMENT_CONFIRMED, subject=recipient, **facts)


def _received(uow: UnitOfWork) -> Select[Any]:
    newer = aliased(DocumentVersion)
    latest = (
        select(func.max(newer.number))
        .where(newer.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    return (
        select(
            DistributionRecipient.id,
            Document.title,
            Document.description,
            DocumentVersion.number,
            latest,
            DocumentVersion.file_name,
            DocumentVersion.content_type,
            DocumentVersion.size_bytes,
            Distribution.due_date,
            DistributionRecipient.created_at,
            DistributionRecipient.opened_at,
            Confirmation.confirmed_at,
            Confirmation.statement,
        )
        .join(Distribution, Distribution.id == DistributionRecipient.distribution_id)
        .join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .outerjoin(Confirmation, Confirmation.distribution_recipient_id == DistributionRecipient.id)
        .where(DistributionRecipient.employee_id == uow.actor.employee_id)
    )


def _my_recipient(uow: UnitOfWork, recipient_id: UUID) -> DistributionRecipient:
    return access.one_or_refuse(
        uow,
        select(DistributionRecipient).where(
            DistributionRecipient.id == recipient_id,
            DistributionRecipient.employee_id == uow.actor.employee_id,
        ),
    )


def _version(uow: UnitOfWork, recipient: DistributionRecipient) -> DocumentVersion:
    return uow.session.scalars(
        select(DocumentVersion)
        .join(Distribution, Distribution.document_version_id == DocumentVersion.id)
        .where(Distribution.id == recipient.distribution_id)
    ).one()
