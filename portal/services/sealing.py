"""Seals and opens values with the company's own key, bound to the row and column they belong to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.integrations.keys import CompanyKeys
from portal.models.base import Base
from portal.models.company import CompanyKey


def new_company_key(uow: UnitOfWork) -> None:
    """Makes the first data key of a new company."""
    keys = CompanyKeys.generate()
    wrapped = uow.outside.master_keys.wrap(keys.data_keys[keys.current], uow.company.id, keys.current)
    uow.session.add(CompanyKey(version=keys.current, wrapped_by="master", wrapped_key=wrapped))
    uow.session.info["company_keys"] = keys


def seal(uow: UnitOfWork, value: str | bytes, *, row: type[Base], column: str, row_id: UUID) -> bytes:
    """The value as it may lie in `column` of the row with this id, and nowhere else."""
    return company_keys(uow).seal(
        value, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def open_text(uow: UnitOfWork, sealed: bytes, *, row: type[Base], column: str, row_id: UUID) -> str:
    """The text sealed for exactly this place; raises SealBroken when it was moved or altered."""
    return company_keys(uow).open_text(
        sealed, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def open_bytes(uow: UnitOfWork, sealed: bytes, *, row: type[Base], column: str, row_id: UUID) -> bytes:
    """The bytes sealed for exactly this place; raises SealBroken when they were moved or altered."""
    return company_keys(uow).open(
        sealed, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def blind_index(uow: UnitOfWork, value: str, purpose: str) -> bytes:
    """A fingerprint by which equal values are found without being readable."""
    return company_keys(uow).blind_index(value, purpose)


def company_keys(uow: UnitOfWork) -> CompanyKeys:
    """The company's keys, unwrapped once per unit of work."""
    held: CompanyKeys | None = uow.session.info.get("company_keys")
    if held is None:
        rows = uow.session.execute(select(CompanyKey.version, CompanyKey.wrapped_key)).all()
        master = uow.outside.master_keys
        held = CompanyKeys(
            {row.version: master.unwrap(row.wrapped_key, uow.company.id, row.version) for row in rows}
        )
        uow.session.info["company_keys"] = held
    return held
