"""Names of documents, their versions and whom they went to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Text,
)

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.models.distribution import Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.models.employee import Employee
from portal.services.audit_naming.rows import can, row


def _document(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    return row(uow, Document.id, ids, text=Document.title, opens=_keeps_documents(uow), target=Document.id)


def _document_version(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(
        uow,
        DocumentVersion.id,
        ids,
        text=Document.title,
        key=DocumentVersion.number.cast(Text),
        opens=_keeps_documents(uow),
        target=Document.id,
    )
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _distribution(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    query = row(
        uow, Distribution.id, ids, text=Document.title, opens=_keeps_documents(uow), target=Document.id
    )
    query = query.join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _distribution_recipient(uow: UnitOfWork, ids: set[UUID]) -> Select[Any]:
    owner = DistributionRecipient.employee_id
    query = row(uow, DistributionRecipient.id, ids, text=Document.title, person_id=owner)
    query = query.join(Employee, Employee.id == owner)
    query = query.join(Distribution, Distribution.id == DistributionRecipient.distribution_id)
    query = query.join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
    return query.join(Document, Document.id == DocumentVersion.document_id)


def _keeps_documents(uow: UnitOfWork) -> Any:
    return can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY)


PAPERS: dict[str, Callable[[UnitOfWork, set[UUID]], Select[Any]]] = {
    "distribution": _distribution,
    "distribution_recipient": _distribution_recipient,
    "document": _document,
    "document_version": _document_version,
}
