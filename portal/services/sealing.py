"""Seals and opens values with the company's own key, bound to the row and column they belong to."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import SealedField
from portal.integrations.keys import CompanyKeys
from portal.models.base import Base
from portal.models.company import CompanyKey

#: The sealed columns that a company can open to support by name.
_NAMED = {("employee", "phone_sealed"): SealedField.PHONE}


def new_company_key(uow: UnitOfWork) -> None:
    """Makes the first data key of a new company."""
    keys = CompanyKeys.generate()
    by, wrapped = uow.outside.key_wrapping.wrap(keys.data_keys[keys.current], uow.company.id, keys.current)
    uow.session.add(CompanyKey(version=keys.current, wrapped_by=by, wrapped_key=wrapped))
    uow.session.info["company_keys"] = keys


def renew_company_key(uow: UnitOfWork) -> int:
    """A further data key, which seals from now on; answers its number. Older ones go on opening what they sealed."""
    held = company_keys(uow)
    renewed = CompanyKeys({**held.data_keys, held.current + 1: secrets.token_bytes(32)})
    number = renewed.current
    by, wrapped = uow.outside.key_wrapping.wrap(renewed.data_keys[number], uow.company.id, number)
    uow.session.add(CompanyKey(version=number, wrapped_by=by, wrapped_key=wrapped))
    uow.session.info["company_keys"] = renewed
    return number


def seal(uow: UnitOfWork, value: str | bytes, *, row: type[Base], column: str, row_id: UUID) -> bytes:
    """The value as it may lie in `column` of the row with this id, and nowhere else."""
    return company_keys(uow).seal(
        value, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def open_text(uow: UnitOfWork, sealed: bytes, *, row: type[Base], column: str, row_id: UUID) -> str:
    """The text sealed for exactly this place; raises SealBroken when it was moved or altered."""
    _check_named(uow, row, column)
    return company_keys(uow).open_text(
        sealed, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def open_bytes(uow: UnitOfWork, sealed: bytes, *, row: type[Base], column: str, row_id: UUID) -> bytes:
    """The bytes sealed for exactly this place; raises SealBroken when they were moved or altered."""
    _check_named(uow, row, column)
    return company_keys(uow).open(
        sealed, table=row.__tablename__, column=column, row_id=row_id, company_id=uow.company.id
    )


def _check_named(uow: UnitOfWork, row: type[Base], column: str) -> None:
    """Support opens the sealed columns that its grant names, and no others; files are never among them."""
    support = uow.actor.support
    if support is not None and _NAMED.get((row.__tablename__, column)) not in support.sealed:
        raise Refusal(Reason.SUPPORT_SEALED)


def blind_index(uow: UnitOfWork, value: str, purpose: str) -> bytes:
    """A fingerprint by which equal values are found without being readable."""
    return company_keys(uow).blind_index(value, purpose)


def company_keys(uow: UnitOfWork) -> CompanyKeys:
    """The company's keys, unwrapped once per unit of work; raises KeysUnavailable while a service does not answer."""
    held: CompanyKeys | None = uow.session.info.get("company_keys")
    if held is None:
        rows = uow.session.execute(
            select(CompanyKey.version, CompanyKey.wrapped_by, CompanyKey.wrapped_key)
        ).all()
        if not rows and uow.actor.support is not None:
            raise Refusal(
                Reason.SUPPORT_SEALED
            )  # the database keeps the key from grants that name nothing sealed
        wrapping = uow.outside.key_wrapping
        held = CompanyKeys(
            {
                row.version: wrapping.unwrap(row.wrapped_by, row.wrapped_key, uow.company.id, row.version)
                for row in rows
            }
        )
        uow.session.info["company_keys"] = held
    return held
